#include "pinned_ips/notice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pinned_ips/policy.h"
#include "sets.h"

namespace dnsd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Instant now = at("2027-01-01");

std::vector<std::string> errors(std::initializer_list<PinnedEntry> entries, Duration notice = days(14),
                                Instant when = now) {
  PinnedSet set;
  set.name = "proxy";
  set.notice = notice;
  set.entries = entries;
  Diagnostics diagnostics;
  check_notice(set, feed_max_age, when, {}, diagnostics);
  std::vector<std::string> messages;
  for (const Diagnostic& d : diagnostics.all()) messages.push_back(d.message);
  return messages;
}

PinnedEntry row(std::string_view published, std::string_view enabled, std::string_view retired = {}) {
  return entry("192.0.2.77/32", published, enabled, retired);
}

TEST(Notice, ExactlyEnoughForADate) { EXPECT_THAT(errors({row("2026-11-02", "2026-11-17")}), IsEmpty()); }

TEST(Notice, OneDayShort) {
  EXPECT_THAT(
      errors({row("2026-11-02", "2026-11-16")}),
      ElementsAre("enabled 2026-11-16 is less than the notice of 14d after 2026-11-03T00:00:00Z, from when the "
                  "announcement counts; the earliest date is 2026-11-17"));
}

TEST(Notice, AnInstantNeedsTheMaxAgeOnTop) {
  EXPECT_THAT(errors({row("2026-11-02T09:00:00Z", "2026-11-16T09:05:00Z")}), IsEmpty());
  EXPECT_THAT(
      errors({row("2026-11-02T09:00:00Z", "2026-11-16T09:04:59Z")}),
      ElementsAre("enabled 2026-11-16T09:04:59Z is less than the notice of 14d after 2026-11-02T09:00:00Z, from "
                  "when the announcement counts; the earliest instant is 2026-11-16T09:05:00Z"));
}

TEST(Notice, PublishedInstantAndEnabledDate) {
  EXPECT_THAT(errors({row("2026-11-02T00:00:00Z", "2026-11-16")}), IsEmpty());
  EXPECT_THAT(errors({row("2026-11-02T00:00:01Z", "2026-11-16")}),
              ElementsAre(testing::EndsWith("the earliest date is 2026-11-17")));
}

TEST(Notice, AcrossTheYearAndALeapDay) {
  EXPECT_THAT(errors({row("2026-12-24", "2027-01-08")}), IsEmpty());
  EXPECT_THAT(errors({row("2026-12-24", "2027-01-07")}), ElementsAre(testing::EndsWith("2027-01-08")));
  EXPECT_THAT(errors({row("2028-02-20", "2028-03-06")}, days(14), at("2028-03-01")), IsEmpty());
}

TEST(Notice, NoNoticeStillCountsFromTheEndOfTheDay) {
  EXPECT_THAT(errors({row("2026-11-02", "2026-11-03")}, {}), IsEmpty());
  EXPECT_THAT(errors({row("2026-11-02", "2026-11-02")}, {}), ElementsAre(testing::HasSubstr("notice of 0s")));
}

TEST(Notice, PublishedTodayIsFineTomorrowIsNot) {
  EXPECT_THAT(errors({row("2027-01-01", "2027-01-16")}), IsEmpty());
  EXPECT_THAT(errors({row("2027-01-01T00:00:00Z", "2027-01-16")}), IsEmpty());
  EXPECT_THAT(
      errors({row("2027-01-02", "2027-02-16")}),
      ElementsAre("published 2027-01-02 lies in the future, but an entry is public as soon as it is listed; the "
                  "latest date is 2027-01-01"));
  EXPECT_THAT(errors({row("2027-01-01T00:00:01Z", "2027-02-16")}), ElementsAre(testing::HasSubstr("in the future")));
}

TEST(Notice, PublishedInTheFutureDoesNotHideAShortNotice) {
  EXPECT_THAT(errors({row("2027-01-05", "2027-01-17")}), ElementsAre(testing::HasSubstr("in the future")));
  EXPECT_THAT(errors({row("2027-01-05", "2027-01-10")}),
              ElementsAre(testing::HasSubstr("in the future"), testing::EndsWith("the earliest date is 2027-01-16")));
}

TEST(Notice, RetiredBeforeItIsEverAnswered) {
  EXPECT_THAT(errors({row("2026-11-02", "2026-11-17", "2026-11-17")}),
              ElementsAre("retired 2026-11-17 lies so early that 192.0.2.77/32, enabled 2026-11-17T12:00:00Z, would "
                          "never be answered; the earliest date is 2026-11-19"));
  EXPECT_THAT(errors({row("2026-11-02", "2026-11-17", "2026-11-19")}), IsEmpty());
  EXPECT_THAT(errors({row("2026-11-02", "2026-11-17", "2026-11-18")}), testing::SizeIs(1));
  EXPECT_THAT(errors({row("2026-11-02", "2026-11-17", "2026-11-17T12:05:00Z")}),
              ElementsAre(testing::EndsWith("the earliest instant is 2026-11-17T12:05:01Z")));
}

TEST(Notice, RetiredTooSoon) {
  EXPECT_THAT(
      errors({row("2026-11-02", "2026-11-03", "2026-11-10")}),
      ElementsAre(testing::StartsWith("enabled 2026-11-03 is less"),
                  "retired 2026-11-10 (last answered 2026-11-09T09:55:00Z) is less than the notice of 14d after "
                  "2026-11-03T00:00:00Z, from when the announcement counts; the earliest date is 2026-11-18"));
}

// What the message proposes must pass, and one step earlier must not.
TEST(Notice, TheProposedRetirementIsTheEarliest) {
  const auto retired_errors = [](std::string_view retired) {
    size_t count = 0;
    for (const std::string& message : errors({row("2026-11-02", "2026-11-03", retired)}))
      count += message.starts_with("retired");
    return count;
  };
  EXPECT_EQ(retired_errors("2026-11-18"), 0u);
  EXPECT_EQ(retired_errors("2026-11-17"), 1u);
  EXPECT_EQ(retired_errors("2026-11-17T00:10:00Z"), 0u);
  EXPECT_EQ(retired_errors("2026-11-17T00:09:59Z"), 1u);
}

TEST(Notice, AsManyRowsOfAFamilyAsTheFeedPromises) {
  PinnedSet set;
  set.entries.push_back(entry("192.0.2.99/32", "2025-01-01", "2025-02-01", "2025-03-01"));  // retired: not counted
  for (unsigned i = 0; i < max_entries_per_family; ++i) {
    set.entries.push_back(entry("192.0.2." + std::to_string(i) + "/32", "2025-01-01", "2025-02-01"));
    set.entries.push_back(entry("2001:db8::" + std::to_string(i) + "/128", "2025-01-01", "2025-02-01"));
  }
  Diagnostics fits;
  check_notice(set, feed_max_age, now, {}, fits);
  EXPECT_TRUE(fits.empty()) << to_text(fits);
  set.entries.push_back(entry("2001:db8::99/128", "2025-01-01", "2025-02-01"));
  set.entries.back().place = {"pinned_ips/proxy.yaml", 40, 5};
  Diagnostics too_many;
  check_notice(set, feed_max_age, now, {}, too_many);
  EXPECT_EQ(
      to_text(too_many),
      "pinned_ips/proxy.yaml:40:5: error: the feed promises at most 16 IPv6 entries of a set that are not retired, "
      "and 2001:db8::99/128 is one more; announce a shorter prefix or retire another entry\n");
}

TEST(Notice, EveryEntryIsReportedAtItsPlaceWithItsLine) {
  PinnedSet set;
  set.entries = {row("2026-11-02", "2026-11-03"), row("2026-11-02", "2026-12-01"), row("2026-11-02", "2026-11-04")};
  set.entries[0].enabled_place = {"pinned_ips/proxy.yaml", 5, 40};
  set.entries[2].enabled_place = {"pinned_ips/proxy.yaml", 7, 40};
  Diagnostics diagnostics;
  check_notice(
      set, feed_max_age, now, [](const Place& place) { return "line " + std::to_string(place.line); }, diagnostics);
  ASSERT_EQ(diagnostics.errors(), 2u);
  EXPECT_EQ(diagnostics.all()[0].place.line, 5u);
  EXPECT_EQ(diagnostics.all()[1].place.line, 7u);
  EXPECT_EQ(diagnostics.all()[1].place.column, 40u);
  EXPECT_EQ(diagnostics.all()[1].source_line, "line 7");
}

}  // namespace
}  // namespace dnsd
