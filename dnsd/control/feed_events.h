// What subscribers are told: the changes from one issue of the feed to the next, and reminders of what comes, as webhooks
// with thin bodies. The id of an event is made of what it is about, so that whoever derives it again derives the same.
//
// Thread safety: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "dnsd/webhooks/outbox.h"
#include "pinned_ips/chronicle.h"

namespace dnsd {

// How far the history was turned into events: "serial 42, 2026-11-21T09:00:00Z".
struct EventCursor {
  uint64_t serial = 0;
  Instant at;
  bool operator==(const EventCursor&) const = default;
};
std::string to_text(const EventCursor& cursor);
Result<EventCursor> parse_event_cursor(std::string_view text);

// iprange.announced, .rescheduled, .cancelled, .enabled, .retired and .revoked of the issues after the cursor, then
// iprange.reminder 14, 7 and 1 days before an entry is enabled or given its last answer, of the instants after the
// cursor until `now`. A reminder that would come before its change was known is left out.
//
//   {"type": "iprange.announced", "timestamp": "…", "data": {"serial": 42, "snapshot": "https://…/snapshots/42.json",
//    "sha256": "…", "set": "proxy", "entry": "proxy-0012", "effective_at": "…"}}
//
// `public_url` may be empty: then snapshots are named by their path.
Result<std::vector<WebhookEvent>> feed_events(const Chronicle& chronicle, const EventCursor& cursor, Instant now,
                                              const std::string& public_url);

}  // namespace dnsd
