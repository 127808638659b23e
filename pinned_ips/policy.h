// What the feed promises about itself, the same for all sets (FEED: "policy").
#pragma once

#include "base/instant.h"

namespace dnsd {

// How long a client may keep the feed before it asks again; every notice is this much longer than it says.
constexpr Duration feed_max_age{300};
// How long a retired prefix stays unlisted before it may be announced again.
constexpr Duration quarantine = days(90);
// Most live rows of one family in a set: what a customer's firewall must have room for.
constexpr unsigned max_entries_per_family = 16;

}  // namespace dnsd
