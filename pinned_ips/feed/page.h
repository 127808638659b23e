// The page for people at "/": what is allowed now, what comes and goes, and how to fetch the feed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pinned_ips/feed/feed_document.h"

namespace dnsd {

// A whole HTML document without scripts and external resources, readable on a phone, light and dark. Unlike the views
// for machines it is also there when no prefix is listed.
std::string feed_page(std::span<const PinnedSet> sets, const std::optional<FeedStamp>& stamp, Instant now);

std::string html_escaped(std::string_view text);

}  // namespace dnsd
