// What the dates of an entry mean as instants: FEED.md's rules, safe in every time zone.
//
// Thread safety: pure. Units: UTC seconds.
#pragma once

#include <algorithm>
#include <optional>

#include "base/instant.h"

namespace dnsd {

// First instant at which an entry may be answered: D 12:00Z for a date D (by then D has begun in every time zone), an
// instant as it stands.
Instant enabled_instant(const DateOrInstant& enabled);

// First instant at which an entry is no longer answered: for a date R it is 10:00Z less the TTL, so that no cache
// holds it on R in any time zone; for an instant, that instant less the TTL. Never before `enabled_at`.
Instant last_answer_instant(const DateOrInstant& retired, uint32_t ttl, Instant enabled_at);

// When the host behind it may go: (R+1) 12:00Z for a date R, an instant as it stands.
Instant retired_instant(const DateOrInstant& retired);

// The earliest `enabled` whose announcement at `record` has the whole notice: a date needs D 00:00Z - record >= notice
// (the 12 hours to D 12:00Z cover the feed's max-age), an instant needs notice and max-age.
DateOrInstant earliest_enabled(Instant record, Duration notice, bool as_date);
bool enabled_in_time(const DateOrInstant& enabled, Instant record, Duration notice);

// The earliest `retired` whose last answer is at `last` or later: last_answer_instant() turned round.
DateOrInstant earliest_retired(Instant last, uint32_t ttl, bool as_date);

}  // namespace dnsd
