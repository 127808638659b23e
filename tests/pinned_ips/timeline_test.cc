#include "pinned_ips/timeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sets.h"

namespace dnsd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr uint32_t ttl = 300;

PinnedEntry plain(std::string_view enabled, std::string_view retired = {}) {
  return entry("192.0.2.77/32", "2026-01-01", enabled, retired);
}

std::string last_text(std::string_view retired, uint32_t with_ttl = ttl) {
  return to_text(*last_answer_at(plain("2020-01-01", retired), with_ttl));
}

TEST(Timeline, DateIsEnabledAtNoon) {
  EXPECT_EQ(to_text(enabled_at(plain("2026-11-17"))), "2026-11-17T12:00:00Z");
  EXPECT_EQ(to_text(enabled_at(plain("2028-02-29"))), "2028-02-29T12:00:00Z");
  EXPECT_EQ(to_text(enabled_at(plain("2026-12-31"))), "2026-12-31T12:00:00Z");
}

TEST(Timeline, InstantIsEnabledAsItStands) {
  EXPECT_EQ(to_text(enabled_at(plain("2026-12-24T15:00:00Z"))), "2026-12-24T15:00:00Z");
  EXPECT_EQ(to_text(enabled_at(plain("2026-12-24T00:00:00Z"))), "2026-12-24T00:00:00Z");
}

TEST(Timeline, LastAnswerOfADateIsTheDayBeforeLessTheTtl) {
  EXPECT_EQ(last_text("2027-01-15"), "2027-01-14T09:55:00Z");
  EXPECT_EQ(last_text("2027-01-15", 0), "2027-01-14T10:00:00Z");
  EXPECT_EQ(last_text("2027-01-15", 86400), "2027-01-13T10:00:00Z");
}

TEST(Timeline, LastAnswerAcrossYearEndAndLeapDay) {
  EXPECT_EQ(last_text("2027-01-01"), "2026-12-31T09:55:00Z");
  EXPECT_EQ(last_text("2028-03-01"), "2028-02-29T09:55:00Z");
  EXPECT_EQ(last_text("2027-03-01"), "2027-02-28T09:55:00Z");
}

TEST(Timeline, LastAnswerOfAnInstantIsOneTtlBefore) {
  EXPECT_EQ(last_text("2027-01-15T00:02:00Z"), "2027-01-14T23:57:00Z");
}

TEST(Timeline, LastAnswerIsNeverBeforeEnabled) {
  EXPECT_EQ(to_text(*last_answer_at(plain("2027-01-15", "2027-01-15"), ttl)), "2027-01-15T12:00:00Z");
  EXPECT_EQ(last_answer_at(plain("2027-01-15"), ttl), std::nullopt);
}

TEST(Timeline, HostLivesUntilTheDayHasEndedEverywhere) {
  EXPECT_EQ(to_text(*retired_at(plain("2026-01-01", "2026-12-31"))), "2027-01-01T12:00:00Z");
  EXPECT_EQ(to_text(*retired_at(plain("2026-01-01", "2028-02-28"))), "2028-02-29T12:00:00Z");
  EXPECT_EQ(to_text(*retired_at(plain("2026-01-01", "2027-01-15T06:00:00Z"))), "2027-01-15T06:00:00Z");
  EXPECT_EQ(retired_at(plain("2026-01-01")), std::nullopt);
}

TEST(Timeline, PublishedDateCountsFromItsEnd) {
  EXPECT_EQ(to_text(published_at(entry("192.0.2.1/32", "2026-11-02", "2026-12-01"))), "2026-11-03T00:00:00Z");
  EXPECT_EQ(to_text(published_at(entry("192.0.2.1/32", "2026-11-02T09:00:00Z", "2026-12-01"))),
            "2026-11-02T09:00:00Z");
}

TEST(Timeline, TheLastDaysOfTheCalendarStayWritable) {
  const PinnedEntry e = entry("192.0.2.1/32", "9999-12-31", "9999-12-31", "9999-12-31");
  EXPECT_EQ(to_text(published_at(e)), "9999-12-31T23:59:59Z");
  EXPECT_EQ(to_text(*retired_at(e)), "9999-12-31T23:59:59Z");
}

TEST(Timeline, StatesOfALife) {
  const PinnedEntry e = plain("2026-11-17", "2027-01-15");
  EXPECT_EQ(state_at(e, ttl, at("2026-11-17T11:59:59Z")), EntryState::announced);
  EXPECT_EQ(state_at(e, ttl, at("2026-11-17T12:00:00Z")), EntryState::active);
  EXPECT_EQ(state_at(e, ttl, at("2027-01-14T09:54:59Z")), EntryState::active);
  EXPECT_EQ(state_at(e, ttl, at("2027-01-14T09:55:00Z")), EntryState::draining);
  EXPECT_EQ(state_at(e, ttl, at("2027-01-16T11:59:59Z")), EntryState::draining);
  EXPECT_EQ(state_at(e, ttl, at("2027-01-16T12:00:00Z")), EntryState::retired);
  EXPECT_EQ(state_at(plain("2026-11-17"), ttl, Instant::far_future()), EntryState::active);
}

TEST(Timeline, PrefixWithoutAddressesIsStandby) {
  const PinnedEntry e = entry("192.0.2.8/29", "2026-01-01", "2026-02-01", "2026-06-01");
  EXPECT_EQ(state_at(e, ttl, at("2026-01-15")), EntryState::announced);
  EXPECT_EQ(state_at(e, ttl, at("2026-03-01")), EntryState::standby);
  EXPECT_EQ(state_at(e, ttl, at("2026-05-31T12:00:00Z")), EntryState::draining);
  EXPECT_EQ(state_at(with_addresses(e, {"192.0.2.9"}), ttl, at("2026-03-01")), EntryState::active);
}

TEST(Timeline, StateWords) {
  EXPECT_EQ(to_text(EntryState::announced), "announced");
  EXPECT_EQ(to_text(EntryState::standby), "standby");
  EXPECT_EQ(to_text(EntryState::active), "active");
  EXPECT_EQ(to_text(EntryState::draining), "draining");
  EXPECT_EQ(to_text(EntryState::retired), "retired");
}

PinnedSet changing_set() {
  PinnedSet set;
  set.ttl = ttl;
  set.entries = {with_addresses(entry("192.0.2.8/29", "2026-01-01", "2026-02-01"), {"192.0.2.10", "192.0.2.9"}),
                 entry("203.0.113.7/32", "2026-11-01", "2026-12-24"),
                 entry("192.0.2.77/32", "2026-01-01", "2026-02-01", "2027-01-15"),
                 entry("2001:db8::1/128", "2026-01-01", "2026-02-01"),
                 entry("198.51.100.0/24", "2026-01-01", "2026-12-30")};
  return set;
}

TEST(Timeline, AddressesFollowTheSchedule) {
  const PinnedSet set = changing_set();
  EXPECT_THAT(addresses_at(set, at("2026-01-31")), IsEmpty());
  EXPECT_THAT(
      addresses_at(set, at("2026-12-24T11:59:59Z")),
      ElementsAre(address("192.0.2.9"), address("192.0.2.10"), address("192.0.2.77"), address("2001:db8::1")));
  EXPECT_THAT(addresses_at(set, at("2026-12-24T12:00:00Z")),
              ElementsAre(address("192.0.2.9"), address("192.0.2.10"), address("192.0.2.77"), address("203.0.113.7"),
                          address("2001:db8::1")));
  EXPECT_THAT(
      addresses_at(set, at("2027-01-14T09:55:00Z")),
      ElementsAre(address("192.0.2.9"), address("192.0.2.10"), address("203.0.113.7"), address("2001:db8::1")));
}

TEST(Timeline, OverlappingEntriesAnswerAnAddressOnceAndAsLongAsOneHoldsIt) {
  PinnedSet set;
  set.entries = {with_addresses(entry("192.0.2.8/29", "2026-01-01", "2026-02-01", "2026-06-01"), {"192.0.2.9"}),
                 entry("192.0.2.9/32", "2026-01-01", "2026-05-01")};
  EXPECT_THAT(addresses_at(set, at("2026-05-15")), ElementsAre(address("192.0.2.9")));
  EXPECT_THAT(addresses_at(set, at("2026-07-01")), ElementsAre(address("192.0.2.9")));
}

TEST(Timeline, NextAnswerChangeWalksTheScheduleAndEnds) {
  const PinnedSet set = changing_set();
  std::vector<std::string> instants;
  for (auto next = next_answer_change(set, at("2026-02-01T12:00:00Z")); next; next = next_answer_change(set, *next))
    instants.push_back(to_text(*next));
  EXPECT_THAT(instants, ElementsAre("2026-12-24T12:00:00Z", "2027-01-14T09:55:00Z"));
}

TEST(Timeline, NextStateChangeAlsoSeesStandbysAndHosts) {
  const PinnedSet set = changing_set();
  std::vector<std::string> instants;
  for (auto next = next_state_change(set, at("2026-02-01T12:00:00Z")); next; next = next_state_change(set, *next))
    instants.push_back(to_text(*next));
  EXPECT_THAT(instants, ElementsAre("2026-12-24T12:00:00Z", "2026-12-30T12:00:00Z", "2027-01-14T09:55:00Z",
                                    "2027-01-16T12:00:00Z"));
}

TEST(Timeline, AnEmptySetNeverChanges) {
  EXPECT_THAT(addresses_at(PinnedSet{}, at("2026-01-01")), IsEmpty());
  EXPECT_EQ(next_answer_change(PinnedSet{}, at("2026-01-01")), std::nullopt);
  EXPECT_EQ(next_state_change(PinnedSet{}, at("2026-01-01")), std::nullopt);
}

}  // namespace
}  // namespace dnsd
