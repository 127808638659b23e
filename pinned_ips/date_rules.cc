#include "pinned_ips/date_rules.h"

#include "pinned_ips/policy.h"

namespace dnsd {
namespace {

constexpr int64_t seconds_of_day = 86400;

// Day arithmetic on the last days of the year 9999 must not leave what RFC 3339 can write.
Instant within_calendar(Instant instant) { return std::min(instant, Instant::far_future()); }

Instant next_midnight(Instant instant) {
  const Instant later = instant + Duration{seconds_of_day - 1};
  return {later.seconds - later.seconds % seconds_of_day};
}

DateOrInstant written(Instant earliest, bool as_date) {
  return {as_date, within_calendar(as_date ? next_midnight(earliest) : earliest)};
}

}  // namespace

Instant enabled_instant(const DateOrInstant& enabled) {
  return enabled.is_date ? within_calendar(enabled.instant + hours(12)) : enabled.instant;
}

// Day R begins first in UTC+14, at 10:00Z: a cache filled one TTL before holds the address until then.
Instant last_answer_instant(const DateOrInstant& retired, uint32_t ttl, Instant enabled_at) {
  const Instant gone = retired.is_date ? retired.instant - hours(14) : retired.instant;
  return std::max(gone - Duration{ttl}, enabled_at);
}

// Day R ends last in UTC-12, at (R+1) 12:00Z.
Instant retired_instant(const DateOrInstant& retired) {
  return retired.is_date ? within_calendar(retired.instant + hours(36)) : retired.instant;
}

DateOrInstant earliest_enabled(Instant record, Duration notice, bool as_date) {
  return written(as_date ? record + notice : record + notice + feed_max_age, as_date);
}

bool enabled_in_time(const DateOrInstant& enabled, Instant record, Duration notice) {
  return enabled.instant >= earliest_enabled(record, notice, enabled.is_date).instant;
}

DateOrInstant earliest_retired(Instant last, uint32_t ttl, bool as_date) {
  const Instant gone = last + Duration{ttl};
  return written(as_date ? gone + hours(14) : gone, as_date);
}

}  // namespace dnsd
