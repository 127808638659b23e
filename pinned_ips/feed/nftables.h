// nftables.nft: what is to be allowed, for `nft -f`: in the table inet ip_ranges the sets NAME_v4 and NAME_v6 of each
// pinned set. nft takes a file whole or not at all, so rules never see a set that is empty in between.
//
//   nft add rule inet filter output ip daddr @proxy_v4 …     rules and sets are in one table: see docs/ip-ranges.md
#pragma once

#include <optional>
#include <string>

#include "pinned_ips/feed_view.h"

namespace dnsd {

// None where nothing is to be allowed.
std::optional<std::string> nftables_script(const FeedView& view);

}  // namespace dnsd
