#include "pinned_ips/chronicle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contracts.h"
#include "pinned_ips/feed/feed_document.h"

namespace dnsd {
namespace {

using testing::instant;

testing::WrittenLedger story() {
  testing::WrittenLedger ledger;
  ledger.set.entries = {testing::pinned_row("192.0.2.1/32", "2026-01-01")};
  ledger.load("2026-11-02");
  ledger.set.entries.push_back(testing::pinned_row("192.0.2.2/32", "2026-12-01"));
  ledger.load("2026-11-03");
  return ledger;
}

TEST(Chronicle, SerialRisesByOneWithEachChangeOfMeaning) {
  const Chronicle chronicle = story().until("2026-12-05");
  ASSERT_EQ(chronicle.issues().size(), 3u);
  EXPECT_EQ(chronicle.issue(1)->at, instant("2026-11-02"));
  EXPECT_EQ(chronicle.issue(2)->at, instant("2026-11-03"));
  EXPECT_EQ(chronicle.issue(3)->at, instant("2026-12-01T12:00:00Z"));
  EXPECT_EQ(chronicle.issue(0), nullptr);
  EXPECT_EQ(chronicle.issue(4), nullptr);
  EXPECT_EQ(chronicle.next_change(), std::nullopt);
}

TEST(Chronicle, IsTheSameInStepsAndAtOnce) {
  const testing::WrittenLedger ledger = story();
  Chronicle in_steps;
  size_t told = 0;
  for (Instant now = instant("2026-11-02"); now < instant("2026-12-05"); now = now + hours(5)) {
    size_t until = told;
    while (until < ledger.records.size() && ledger.records[until].at <= now) ++until;
    ASSERT_TRUE(in_steps.extend(std::span(ledger.records).subspan(told, until - told), now));
    told = until;
  }
  const Chronicle at_once = ledger.until("2026-12-05");
  ASSERT_EQ(in_steps.issues().size(), at_once.issues().size());
  for (size_t i = 0; i < at_once.issues().size(); ++i) EXPECT_EQ(in_steps.issues()[i].stamp, at_once.issues()[i].stamp);
}

TEST(Chronicle, WhatDoesNotChangeTheMeaningMakesNoIssue) {
  testing::WrittenLedger ledger = story();
  ledger.set.entries.push_back(testing::pinned_row("198.51.100.0/28", "2026-12-01"));
  ledger.entry(2).addresses = {*IpAddress::parse("198.51.100.1")};
  ledger.load("2026-11-04");
  const size_t before = ledger.until("2026-12-05").issues().size();
  ledger.entry(2).addresses = {*IpAddress::parse("198.51.100.2")};
  ledger.load("2026-12-05");
  EXPECT_EQ(ledger.until("2026-12-05").issues().size(), before);
}

TEST(Chronicle, TwoLoadsOfOneSecondAreTwoIssuesWithRisingInstants) {
  testing::WrittenLedger ledger = story();
  ledger.entry(0).facility = "a";
  ledger.load("2026-11-03");
  const Chronicle chronicle = ledger.until("2026-11-04");
  EXPECT_EQ(chronicle.issue(3)->at, chronicle.issue(2)->at);
  EXPECT_EQ(chronicle.issue(3)->stamp.generated_at, chronicle.issue(2)->stamp.generated_at + Duration{1});
}

TEST(Chronicle, FindsTheIssueOfAnInstantAndWhatWasPromisedThen) {
  const Chronicle chronicle = story().until("2026-12-05");
  EXPECT_EQ(chronicle.issue_at(instant("2026-11-01")), nullptr);
  EXPECT_EQ(chronicle.issue_at(instant("2026-11-02"))->stamp.serial, 1u);
  EXPECT_EQ(chronicle.issue_at(instant("2026-12-01T11:59:59Z"))->stamp.serial, 2u);
  EXPECT_EQ(chronicle.sets_of(*chronicle.issue(1))[0].entries.size(), 1u);
  EXPECT_EQ(chronicle.sets_of(*chronicle.issue(3))[0].entries.size(), 2u);
}

TEST(Chronicle, RecordsThatCannotFollowAreRefused) {
  std::vector<LedgerRecord> records = story().records;
  std::swap(records[3], records[2]);
  EXPECT_FALSE(Chronicle::of(records, instant("2026-12-05")));
  records = story().records;
  records.erase(records.begin() + 1);
  const auto refused = Chronicle::of(records, instant("2026-12-05"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().message, "record 3 cannot follow the one before it: the last one is 1");
}

}  // namespace
}  // namespace dnsd
