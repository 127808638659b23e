// The check that nobody is surprised: an entry whose notice is too short is refused.
//
// The record of an announcement is published_at() (timeline.h): a day counts from its end. With a notice N:
//
//   enabled: a date D      D 00:00Z - record >= N             the 12 hours to D 12:00Z cover the feed's max-age
//   enabled: an instant    enabled  - record >= N + max-age
//   retired                last_answer_at - record >= N + max-age
//
//   published 2026-11-02, notice 14d: record 2026-11-03T00:00:00Z, earliest enabled 2026-11-17
#pragma once

#include <functional>
#include <string>

#include "base/diagnostic.h"
#include "base/instant.h"
#include "pinned_ips/pinned_set.h"

namespace dnsd {

// The text of the line a place is in, for the caret; may be empty (and the function too).
using LineSource = std::function<std::string(const Place&)>;

// Reports every entry of the set that is published in the future, has too short a notice, or would never be answered,
// each with the earliest date or instant that would do; and every row beyond the number that the feed's policy
// promises as the most of a family, retired ones not counted. Pure but for `diagnostics`.
void check_notice(const PinnedSet& set, Duration max_age, Instant now, const LineSource& line_source,
                  Diagnostics& diagnostics);

}  // namespace dnsd
