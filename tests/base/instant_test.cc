#include "base/instant.h"

#include <gtest/gtest.h>

#include <climits>

namespace dnsd {
namespace {

int64_t date(std::string_view text) {
  const Result<Date> parsed = parse_date(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? parsed->midnight.seconds : INT64_MIN;
}

int64_t instant(std::string_view text) {
  const Result<Instant> parsed = parse_instant(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? parsed->seconds : INT64_MIN;
}

int64_t duration(std::string_view text) {
  const Result<Duration> parsed = parse_duration(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? parsed->seconds : INT64_MIN;
}

TEST(Date, IsMidnightUtc) {
  EXPECT_EQ(date("1970-01-01"), 0);
  EXPECT_EQ(date("1970-01-02"), 86400);
  EXPECT_EQ(date("2026-12-24"), 1798070400);
  EXPECT_EQ(date("9999-12-31") + 86399, Instant::far_future().seconds);
}

TEST(Date, KnowsLeapYears) {
  EXPECT_EQ(date("2028-03-01") - date("2028-02-28"), 2 * 86400);
  EXPECT_EQ(date("2026-03-01") - date("2026-02-28"), 86400);
  EXPECT_EQ(date("2000-02-29"), 951782400);  // divisible by 400
  EXPECT_EQ(date("2028-02-29") + 86400, date("2028-03-01"));
  for (const char* text : {"2026-02-29", "2100-02-29", "2028-02-30"}) {
    EXPECT_EQ(parse_date(text).failure().message, std::string("there is no day ") + text);
  }
}

TEST(Date, RefusesDaysThatDoNotExist) {
  for (const char* text : {"2026-00-10", "2026-13-01", "2026-01-00", "2026-01-32", "2026-04-31", "1969-12-31",
                           "0000-01-01"}) {
    EXPECT_EQ(parse_date(text).failure().message, std::string("there is no day ") + text);
  }
}

TEST(Date, RefusesOtherForms) {
  for (const char* text : {"", "2026-1-1", "26-01-01", "2026/01/01", "20260101", "2026-01-01 ", " 2026-01-01",
                           "2026-01-1x", "+026-01-01", "2026-01-01Z", "2026-01-01T00:00:00Z", "tomorrow"}) {
    EXPECT_EQ(parse_date(text).failure().message, "'" + std::string(text) + "' is not a date such as 2026-12-24");
  }
}

TEST(Instant, IsSecondsSinceTheEpoch) {
  EXPECT_EQ(instant("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(instant("2026-12-24T15:00:01Z"), 1798070400 + 15 * 3600 + 1);
  EXPECT_EQ(instant("9999-12-31T23:59:59Z"), Instant::far_future().seconds);
}

TEST(Instant, RefusesTimesThatDoNotExist) {
  for (const char* text : {"2026-12-24T24:00:00Z", "2026-12-24T12:60:00Z", "2026-12-24T12:00:60Z",
                           "2026-12-24T-1:00:00Z", "2026-12-24T12:0x:00Z"}) {
    EXPECT_EQ(parse_instant(text).failure().message, std::string("there is no time ") + text);
  }
  EXPECT_EQ(parse_instant("2026-02-29T12:00:00Z").failure().message, "there is no day 2026-02-29");
}

TEST(Instant, RefusesOtherForms) {
  for (const char* text : {"", "2026-12-24", "2026-12-24T12:00Z", "2026-12-24T12:00:00", "2026-12-24T12:00:00z",
                           "2026-12-24 12:00:00Z", "2026-12-24T12:00:00+01:00", "2026-12-24T12:00:00.5Z"}) {
    EXPECT_EQ(parse_instant(text).failure().message,
              "'" + std::string(text) + "' is not an instant such as 2026-12-24T15:00:00Z");
  }
}

TEST(Instant, Arithmetic) {
  const Instant begin{1000};
  EXPECT_EQ(begin + hours(1), Instant{4600});
  EXPECT_EQ(begin - days(1), Instant{1000 - 86400});
  EXPECT_EQ(Instant{4600} - begin, hours(1));
  EXPECT_EQ(days(14), hours(336));
  EXPECT_LT(begin, begin + Duration{1});
}

TEST(DateOrInstant, RemembersWhichItWas) {
  const Result<DateOrInstant> day = parse_date_or_instant("2026-12-24");
  const Result<DateOrInstant> moment = parse_date_or_instant("2026-12-24T00:00:00Z");
  ASSERT_TRUE(day && moment);
  EXPECT_TRUE(day->is_date);
  EXPECT_FALSE(moment->is_date);
  EXPECT_EQ(day->instant, moment->instant);
  EXPECT_EQ(to_text(*day), "2026-12-24");
  EXPECT_EQ(to_text(*moment), "2026-12-24T00:00:00Z");
}

TEST(DateOrInstant, FailuresNameBothForms) {
  EXPECT_EQ(parse_date_or_instant("soon").failure().message,
            "'soon' is not a date such as 2026-12-24 or an instant such as 2026-12-24T15:00:00Z");
  EXPECT_EQ(parse_date_or_instant("2026-02-30").failure().message, "there is no day 2026-02-30");
  EXPECT_EQ(parse_date_or_instant("2026-12-24T1").failure().message,
            "'2026-12-24T1' is not an instant such as 2026-12-24T15:00:00Z");
}

TEST(Duration, ReadsUnits) {
  EXPECT_EQ(duration("0"), 0);
  EXPECT_EQ(duration("300"), 300);
  EXPECT_EQ(duration("300s"), 300);
  EXPECT_EQ(duration("5m"), 300);
  EXPECT_EQ(duration("14d"), 14 * 86400);
  EXPECT_EQ(duration("2w"), 14 * 86400);
  EXPECT_EQ(duration("1d12h"), 36 * 3600);
  EXPECT_EQ(duration("1W2D3H4M5S"), 604800 + 2 * 86400 + 3 * 3600 + 4 * 60 + 5);
}

TEST(Duration, RefusesOtherForms) {
  for (const char* text : {"", "d", "1x", "1d1d", "1h1d", "1d12", "-1d", "1.5d", "1 d", "14 days", "010s", "1d 2h"}) {
    EXPECT_EQ(parse_duration(text).failure().message,
              "'" + std::string(text) + "' is not a duration such as 14d, 1d12h or 300s");
  }
  EXPECT_EQ(parse_duration("1w2x").failure().offset, 2u);
}

TEST(Duration, ACenturyIsTheMost) {
  EXPECT_EQ(duration("36600d"), 36600ll * 86400);
  EXPECT_EQ(parse_duration("36600d1s").failure().message, "'36600d1s' is longer than a century");
  EXPECT_FALSE(parse_duration("3162240001w"));
  EXPECT_FALSE(parse_duration("99999999999999999999s"));
}

TEST(Text, OfInstants) {
  EXPECT_EQ(to_text(Instant{0}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_text(Instant{1798070400 + 59}), "2026-12-24T00:00:59Z");
  EXPECT_EQ(to_text(Instant{-1}), "1969-12-31T23:59:59Z");
  EXPECT_EQ(to_text(Instant::far_future()), "9999-12-31T23:59:59Z");
  EXPECT_EQ(date_text(Instant{951782400 + 86399}), "2000-02-29");
}

TEST(Text, OfDurations) {
  EXPECT_EQ(to_text(Duration{0}), "0s");
  EXPECT_EQ(to_text(days(14)), "14d");
  EXPECT_EQ(to_text(hours(36)), "1d12h");
  EXPECT_EQ(to_text(Duration{86400 + 61}), "1d1m1s");
  EXPECT_EQ(to_text(Duration{-90}), "-1m30s");
}

TEST(Text, ReadsBackAsWritten) {
  for (int64_t s = 0; s < 300 * 365 * 86400ll; s += 86400 * 13 + 3607) {
    EXPECT_EQ(instant(to_text(Instant{s})), s);
  }
  for (int64_t s = 0; s < 90 * 86400; s += 4001) EXPECT_EQ(duration(to_text(Duration{s})), s);
}

}  // namespace
}  // namespace dnsd
