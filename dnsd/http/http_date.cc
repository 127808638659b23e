#include "dnsd/http/http_date.h"

#include <array>

#include "base/text.h"

namespace dnsd {
namespace {

constexpr std::array<std::string_view, 7> weekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                      "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string two_digits(size_t number) {
  return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

// The fields of any form; day with its leading zero or, in asctime's, space.
struct Fields {
  std::string_view year, month, day, time;
};

std::optional<Instant> instant_of(const Fields& fields) {
  for (size_t i = 0; i < months.size(); ++i) {
    if (months[i] != fields.month) continue;
    std::string day(fields.day);
    if (day.starts_with(' ')) day[0] = '0';
    const std::string text =
        std::string(fields.year) + "-" + two_digits(i + 1) + "-" + day + "T" + std::string(fields.time) + "Z";
    const Result<Instant> instant = parse_instant(text);
    return instant ? std::optional(*instant) : std::nullopt;
  }
  return std::nullopt;
}

bool is_weekday(std::string_view word, size_t length) {
  for (const std::string_view day : weekdays)
    if (day.substr(0, length) == word) return true;
  return false;
}

// A year that seems more than 50 years ahead means the last one in the past with these digits.
std::optional<Instant> parse_rfc850(std::string_view rest, Instant now) {
  if (rest.size() != 22 || rest[2] != '-' || rest[6] != '-' || rest.substr(9, 1) != " " || rest.substr(18) != " GMT")
    return std::nullopt;
  const std::optional<uint64_t> this_year = parse_decimal(date_text(now).substr(0, 4));
  if (!this_year) return std::nullopt;
  const std::string century = std::to_string(*this_year / 100);
  const std::string year = century + std::string(rest.substr(7, 2));
  const std::optional<uint64_t> number = parse_decimal(year);
  if (!number) return std::nullopt;
  const bool ahead = *number > *this_year + 50;
  const std::string meant = ahead ? std::to_string(*number - 100) : year;
  return instant_of({meant, rest.substr(3, 3), rest.substr(0, 2), rest.substr(10, 8)});
}

}  // namespace

std::string http_date(Instant instant) {
  const std::string text = to_text(instant);  // 1994-11-06T08:49:37Z
  const int64_t day = (instant.seconds - ((instant.seconds % 86400) + 86400) % 86400) / 86400;
  const size_t weekday = static_cast<size_t>(((day + 4) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
  const size_t month = static_cast<size_t>((text[5] - '0') * 10 + (text[6] - '0')) - 1;
  return std::string(weekdays[weekday].substr(0, 3)) + ", " + text.substr(8, 2) + " " + std::string(months[month]) +
         " " + text.substr(0, 4) + " " + text.substr(11, 8) + " GMT";
}

std::optional<Instant> parse_http_date(std::string_view text, Instant now) {
  const size_t comma = text.find(", ");
  if (comma == std::string_view::npos) {  // asctime
    if (text.size() != 24 || !is_weekday(text.substr(0, 3), 3) || text[3] != ' ' || text[7] != ' ' ||
        text[10] != ' ' || text[19] != ' ')
      return std::nullopt;
    return instant_of({text.substr(20, 4), text.substr(4, 3), text.substr(8, 2), text.substr(11, 8)});
  }
  const std::string_view weekday = text.substr(0, comma), rest = text.substr(comma + 2);
  if (!is_weekday(weekday, 3)) return is_weekday(weekday, 9) ? parse_rfc850(rest, now) : std::nullopt;
  if (rest.size() != 24 || rest[2] != ' ' || rest[6] != ' ' || rest[11] != ' ' || rest.substr(20) != " GMT")
    return std::nullopt;
  return instant_of({rest.substr(7, 4), rest.substr(3, 3), rest.substr(0, 2), rest.substr(12, 8)});
}

}  // namespace dnsd
