// UTC instants and durations in whole seconds. Nothing in base, zones, pinned_ips, pools, snapshot or answer reads a
// clock: an Instant is handed in.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace dnsd {

struct Duration {
  int64_t seconds = 0;
  auto operator<=>(const Duration&) const = default;
};

constexpr Duration hours(int64_t n) { return {n * 3600}; }
constexpr Duration days(int64_t n) { return {n * 86400}; }

// Since 1970-01-01T00:00:00Z, leap seconds not counted (as POSIX).
struct Instant {
  int64_t seconds = 0;
  auto operator<=>(const Instant&) const = default;
  constexpr Instant operator+(Duration d) const { return {seconds + d.seconds}; }
  constexpr Instant operator-(Duration d) const { return {seconds - d.seconds}; }
  constexpr Duration operator-(Instant other) const { return {seconds - other.seconds}; }

  static constexpr Instant far_future() { return {253402300799}; }  // 9999-12-31T23:59:59Z
};

// Midnight UTC at the beginning of a day of the (proleptic Gregorian) calendar, "2026-12-24".
struct Date {
  Instant midnight;
  auto operator<=>(const Date&) const = default;
};

// What an operator writes for a moment: a day or an instant. FEED.md gives each its own rules.
struct DateOrInstant {
  bool is_date = true;
  Instant instant;  // midnight UTC for a date
  auto operator<=>(const DateOrInstant&) const = default;
};

// "2026-12-24"; years 1970 to 9999; days that do not exist are refused.
Result<Date> parse_date(std::string_view text);
// "2026-12-24T15:00:00Z" (RFC 3339, Z only, no fraction).
Result<Instant> parse_instant(std::string_view text);
Result<DateOrInstant> parse_date_or_instant(std::string_view text);
// A number with unit s, m, h, d or w, or several of them falling ("1d12h"); a bare number is seconds.
Result<Duration> parse_duration(std::string_view text);

std::string to_text(Instant instant);        // "2026-12-24T15:00:00Z"
std::string date_text(Instant instant);      // "2026-12-24"
std::string to_text(Duration duration);      // "14d", "1d12h", "0s"
std::string to_text(const DateOrInstant& moment);

}  // namespace dnsd
