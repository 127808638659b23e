#include "base/instant.h"

#include <chrono>
#include <cstdio>

#include "base/text.h"

namespace dnsd {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

// Two- or four-digit fields with leading zeros, as RFC 3339 writes them; -1 where a character is no digit.
int digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

bool looks_like_a_date(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && digits(text.substr(0, 4)) >= 0 &&
         digits(text.substr(5, 2)) >= 0 && digits(text.substr(8, 2)) >= 0;
}

year_month_day calendar(Instant instant) {
  const std::chrono::sys_seconds since_epoch{std::chrono::seconds(instant.seconds)};
  return year_month_day(std::chrono::floor<std::chrono::days>(since_epoch));
}

struct Unit {
  char letter;
  int64_t seconds;
};
constexpr Unit units[] = {{'w', 604800}, {'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};

const Unit* unit_of(char c) {
  for (const Unit& unit : units)
    if (unit.letter == ascii_lower(c)) return &unit;
  return nullptr;
}

}  // namespace

Result<Date> parse_date(std::string_view text) {
  if (!looks_like_a_date(text)) return Failure{"'" + printable(text) + "' is not a date such as 2026-12-24"};
  const int y = digits(text.substr(0, 4)), m = digits(text.substr(5, 2)), d = digits(text.substr(8, 2));
  const year_month_day day{std::chrono::year(y), std::chrono::month(static_cast<unsigned>(m)),
                           std::chrono::day(static_cast<unsigned>(d))};
  if (!day.ok() || y < 1970) return Failure{"there is no day " + printable(text)};
  return Date{{std::chrono::sys_seconds(sys_days(day)).time_since_epoch().count()}};
}

Result<Instant> parse_instant(std::string_view text) {
  const bool shape = text.size() == 20 && text[10] == 'T' && text[13] == ':' && text[16] == ':' && text[19] == 'Z';
  if (!shape) return Failure{"'" + printable(text) + "' is not an instant such as 2026-12-24T15:00:00Z"};
  const Result<Date> date = parse_date(text.substr(0, 10));
  if (!date) return date.failure();
  const int h = digits(text.substr(11, 2)), m = digits(text.substr(14, 2)), s = digits(text.substr(17, 2));
  if (h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 59) return Failure{"there is no time " + printable(text)};
  return Instant{date->midnight.seconds + h * 3600 + m * 60 + s};
}

Result<DateOrInstant> parse_date_or_instant(std::string_view text) {
  if (text.find('T') != std::string_view::npos) {
    const Result<Instant> instant = parse_instant(text);
    if (!instant) return instant.failure();
    return DateOrInstant{false, *instant};
  }
  const Result<Date> date = parse_date(text);
  if (!date && looks_like_a_date(text)) return date.failure();
  if (!date) return Failure{date.failure().message + " or an instant such as 2026-12-24T15:00:00Z"};
  return DateOrInstant{true, date->midnight};
}

Result<Duration> parse_duration(std::string_view text) {
  static constexpr uint64_t most = 100ull * 366 * 86400;  // a century: more is a slip of the pen
  int64_t total = 0;
  int64_t last_unit = INT64_MAX;
  size_t at = 0;
  while (at < text.size()) {
    size_t end = at;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    const std::optional<uint64_t> number = parse_decimal(text.substr(at, end - at), most);
    const Unit* unit = end < text.size() ? unit_of(text[end]) : nullptr;
    const bool bare = end == text.size() && at == 0;
    if (!number || (!unit && !bare) || (unit && unit->seconds >= last_unit)) break;
    const int64_t size = unit ? unit->seconds : 1;
    total += static_cast<int64_t>(*number) * size;
    if (total > static_cast<int64_t>(most)) return Failure{"'" + printable(text) + "' is longer than a century"};
    last_unit = size;
    at = unit ? end + 1 : end;
  }
  if (at == text.size() && at > 0) return Duration{total};
  return Failure{"'" + printable(text) + "' is not a duration such as 14d, 1d12h or 300s", at};
}

std::string to_text(Instant instant) {
  const int64_t of_day = ((instant.seconds % 86400) + 86400) % 86400;
  char text[24];
  std::snprintf(text, sizeof text, "T%02d:%02d:%02dZ", static_cast<int>(of_day / 3600),
                static_cast<int>(of_day / 60 % 60), static_cast<int>(of_day % 60));
  return date_text(instant) + text;
}

std::string date_text(Instant instant) {
  const year_month_day day = calendar(instant);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                static_cast<unsigned>(day.day()));
  return text;
}

std::string to_text(Duration duration) {
  if (duration.seconds == 0) return "0s";
  std::string text = duration.seconds < 0 ? "-" : "";
  int64_t rest = duration.seconds < 0 ? -duration.seconds : duration.seconds;
  for (const Unit& unit : units) {
    if (unit.letter == 'w') continue;  // 14d is how notices are written, not 2w
    if (rest >= unit.seconds) text += std::to_string(rest / unit.seconds) + unit.letter;
    rest %= unit.seconds;
  }
  return text;
}

std::string to_text(const DateOrInstant& moment) {
  return moment.is_date ? date_text(moment.instant) : to_text(moment.instant);
}

}  // namespace dnsd
