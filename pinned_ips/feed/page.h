// The page for people at "/": what to allow now, what changes when, how to live on the feed, and whether its promise
// was kept.
//
// It is rendered for a moment: countdowns are of view.now, in minutes, with the exact instants beside them, and the
// page says when it was made. Render it again every minute.
#pragma once

#include <string>

#include "pinned_ips/feed/feed_keys.h"
#include "pinned_ips/feed_view.h"

namespace dnsd {

// A whole HTML document without scripts and external resources, readable on a phone, light and dark, by keyboard and
// by ear. Unlike the views for machines it is also there when no prefix is listed (stamp.serial is 0 before the
// first).
std::string feed_page(const FeedView& view, const FeedKeys& keys);

}  // namespace dnsd
