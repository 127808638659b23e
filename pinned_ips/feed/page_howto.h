// How to live on the feed: ways to subscribe, commands to paste into firewalls, how to check a signature.
#pragma once

#include <string>

#include "pinned_ips/feed/feed_keys.h"
#include "pinned_ips/feed_view.h"

namespace dnsd {

// Of a place where the feed is served ("https://feed.example.com"); where that is not known, of a host to fill in.
std::string subscribe_html(const FeedView& view, const FeedKeys& keys);
std::string firewalls_html(const FeedView& view);
// Without a key a sentence that says so.
std::string verify_html(const FeedView& view, const FeedKeys& keys);

}  // namespace dnsd
