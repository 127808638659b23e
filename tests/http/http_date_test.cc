#include "dnsd/http/http_date.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

const Instant now = *parse_instant("2026-11-21T12:00:00Z");
const Instant example = *parse_instant("1994-11-06T08:49:37Z");  // of RFC 9110 5.6.7

TEST(HttpDate, Writes) {
  EXPECT_EQ(http_date(example), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(Instant{0}), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(*parse_instant("2028-02-29T23:59:59Z")), "Tue, 29 Feb 2028 23:59:59 GMT");
  EXPECT_EQ(http_date(*parse_instant("2026-12-31T00:00:00Z")), "Thu, 31 Dec 2026 00:00:00 GMT");
}

TEST(HttpDate, ReadsAllThreeForms) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", now), example);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", now), example);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994", now), example);
  EXPECT_EQ(parse_http_date("Wed Nov 16 08:49:37 1994", now), *parse_instant("1994-11-16T08:49:37Z"));
}

TEST(HttpDate, TwoDigitsOfAYearAreAtMostFiftyAhead) {
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-76 08:49:37 GMT", now), *parse_instant("2076-11-06T08:49:37Z"));
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-77 08:49:37 GMT", now), *parse_instant("1977-11-06T08:49:37Z"));
}

TEST(HttpDate, ComesBackEveryDayOfALeapYear) {
  for (int day = 0; day < 366; ++day) {
    const Instant instant = *parse_instant("2028-01-01T01:02:03Z") + days(day);
    EXPECT_EQ(parse_http_date(http_date(instant), now), instant);
  }
}

TEST(HttpDate, AnythingElseIsNone) {
  for (const char* text :
       {"", "now", "0", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT", "Xxx, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37",
        "Sun Nov 6 08:49:37 1994", ", ", "Sun, ", "Sunday, 06-Nov--4 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT "})
    EXPECT_EQ(parse_http_date(text, now), std::nullopt) << text;
}

}  // namespace
}  // namespace dnsd
