// schedule.ics (RFC 5545): an event a change, for the calendar of whoever looks after a firewall. An event keeps its
// UID when it is moved, and stays with STATUS:CANCELLED when it is called off, so that calendars move and strike it
// out.
#pragma once

#include <optional>
#include <string>

#include "pinned_ips/feed_view.h"

namespace dnsd {

// None where nothing is listed, or nothing of it ever changes: a calendar needs an event (RFC 5545 3.6).
std::optional<std::string> schedule_ics(const FeedView& view);

}  // namespace dnsd
