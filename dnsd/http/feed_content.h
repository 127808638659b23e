// The documents of the feed and the page for people, ready to be served.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "dnsd/http/http_content.h"
#include "pinned_ips/feed/feed_serial.h"
#include "pinned_ips/pinned_set.h"

namespace dnsd {

// One document a row of feed_formats(), and "/". Without a stamp (stamp_feed() gave none) the views have no body and
// are answered with 503. To be rendered anew at next_feed_change() and when the sets change.
Result<std::vector<HttpDocument>> feed_content(std::span<const PinnedSet> sets, const std::optional<FeedStamp>& stamp,
                                               Instant now);

}  // namespace dnsd
