// checkpoint.json: what is to be allowed, as Check Point's gateways read it: a Generic Data Center (R81 and later,
// Check Point's sk167210) with one object a set.
#pragma once

#include <optional>
#include <string>

#include "pinned_ips/feed_view.h"

namespace dnsd {

// None where nothing is to be allowed; a set of which nothing is has no object.
std::optional<std::string> checkpoint_json(const FeedView& view);

}  // namespace dnsd
