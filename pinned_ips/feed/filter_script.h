// What the scripts for packet filters (nftables, ipset) have in common: a set of addresses for each pinned set and family.
//
// Thread safety: pure.
#pragma once

#include <optional>
#include <string>

#include "pinned_ips/feed_view.h"

namespace dnsd {

// Lines for one set and family.
using FilterSet = std::string (*)(const PromisedSet& set, Family family, Instant now);

// A comment with the serial, `preamble`, then the lines of every listed set. None where nothing is to be allowed.
std::optional<std::string> filter_script(const FeedView& view, const std::string& preamble, FilterSet filter_set);

}  // namespace dnsd
