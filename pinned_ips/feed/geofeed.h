// geofeed.csv (RFC 8805): the prefixes that are in use, without a location. A pinned address is a promise about the
// address and not about a place: another facility may take it over at any moment. All fields blank is how RFC 8805
// 2.1.2 says so, and better than a guess made of a facility's name.
#pragma once

#include <optional>
#include <string>

#include "pinned_ips/feed_view.h"

namespace dnsd {

// None where no prefix is in use.
std::optional<std::string> geofeed_csv(const FeedView& view);

}  // namespace dnsd
