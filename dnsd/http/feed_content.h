// The documents of the feed and the page for people, ready to be served, and those of before, made when asked for.
#pragma once

#include <memory>
#include <string>

#include "base/instant.h"
#include "base/result.h"
#include "dnsd/http/http_content.h"
#include "pinned_ips/chronicle.h"
#include "pinned_ips/feed/feed_keys.h"

namespace dnsd {

struct FeedSource {
  std::shared_ptr<const Chronicle> chronicle;
  std::shared_ptr<const FeedKeys> keys;  // that sign every document; there may be none
  std::string public_url;  // of the feed; empty where it is not known
};

// At `now`: one document a row of feed_formats(), with its signature as .minisig, the keys, and "/"; on demand
// snapshots/SERIAL.json, at/INSTANT.json and changes.json?since=SERIAL below /ip-ranges/. Where nothing was ever
// listed the views have no body and are answered with 503. To be made anew at each issue, and for the page's
// countdowns.
Result<std::shared_ptr<HttpContent>> feed_content(const FeedSource& source, Instant now);

}  // namespace dnsd
