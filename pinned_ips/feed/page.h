// The page for people at "/": what is allowed now, what comes and goes, and how to fetch the feed.
#pragma once

#include <string>

#include "pinned_ips/feed_view.h"

namespace dnsd {

// A whole HTML document without scripts and external resources, readable on a phone, light and dark. Unlike the views
// for machines it is also there when no prefix is listed.
std::string feed_page(const FeedView& view);

}  // namespace dnsd
