// changes.atom (RFC 4287): what was said about the entries and what has happened since, newest first, for feed
// readers and everything that mails or chats what a feed brings. Nothing that is still to come: that is said when
// announced.
//
// The ids are UUIDs of the entry and of what happened: they hold when the feed moves to another host.
#pragma once

#include <optional>
#include <string>

#include "pinned_ips/feed_view.h"

namespace dnsd {

// None where nothing is listed.
std::optional<std::string> changes_atom(const FeedView& view);

}  // namespace dnsd
