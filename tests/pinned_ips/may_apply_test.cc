// Every row of the contract's table of edits, through the files and the gate.
#include "pinned_ips/may_apply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "promises.h"

namespace dnsd {
namespace {

using ::testing::HasSubstr;

// A ledger that began on 2026-11-02 with two addresses that stood there before.
class Gate : public ::testing::Test {
 protected:
  Gate() {
    contract.files = {set_of({row("192.0.2.1/32", "2026-01-01"), row("192.0.2.2/32", "2026-01-01")})};
    EXPECT_EQ(contract.load("2026-11-02T09:00:00Z"), "");
  }
  void add(PinnedEntry e) { contract.set().entries.push_back(std::move(e)); }

  Contract contract;
};

TEST_F(Gate, WhatStoodThereBeforeIsGenesis) {
  EXPECT_TRUE(contract.promise(0).genesis);
  EXPECT_EQ(contract.state(0, "2026-11-02T09:00:00Z"), PromiseState::active);
  EXPECT_EQ(contract.promise(1).id, "proxy-0002");
}

TEST_F(Gate, LaterThereIsNoGenesis) {
  add(row("192.0.2.3/32", "2026-01-01"));
  EXPECT_THAT(contract.load("2026-11-03"), HasSubstr("enabled 2026-01-01 is less than the notice of 14d after now, "
                                                     "2026-11-03T00:00:00Z; the earliest date is 2026-11-17"));
}

TEST_F(Gate, AnnounceNeedsTheWholeNotice) {
  add(row("192.0.2.3/32", "2026-11-16"));
  EXPECT_THAT(contract.load("2026-11-02T09:00:01Z"), HasSubstr("the earliest date is 2026-11-17"));
  contract.entry(2).enabled = moment("2026-11-17");
  EXPECT_EQ(contract.load("2026-11-02T09:00:01Z"), "");
  EXPECT_EQ(contract.state(2, "2026-11-17T11:59:59Z"), PromiseState::announced);
  EXPECT_EQ(contract.state(2, "2026-11-17T12:00:00Z"), PromiseState::active);
}

TEST_F(Gate, InstantNeedsTheMaxAgeOfTheFeedToo) {
  add(row("192.0.2.3/32", "2026-11-16T09:04:59Z"));
  EXPECT_THAT(contract.load("2026-11-02T09:00:00Z"), HasSubstr("the earliest instant is 2026-11-16T09:05:00Z"));
  contract.entry(2).enabled = moment("2026-11-16T09:05:00Z");
  EXPECT_EQ(contract.load("2026-11-02T09:00:00Z"), "");
}

TEST_F(Gate, RefusalBearsTheEarliestInstant) {
  const PinEdit edit{.kind = EditKind::announce, .set = "proxy", .cidr = *IpPrefix::parse("192.0.2.9/32"),
                     .enabled = moment("2026-11-05")};
  const auto refusal = may_apply(contract.history, edit, at("2026-11-02T10:00:00Z"));
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->earliest, at("2026-11-17"));
}

TEST_F(Gate, OneRefusedEditRefusesAll) {
  add(row("192.0.2.3/32", "2027-01-01"));
  add(row("192.0.2.4/32", "2026-11-05"));
  EXPECT_NE(contract.load("2026-11-03"), "");
  EXPECT_EQ(contract.history.sets[0].entries.size(), 2u);
}

TEST_F(Gate, OverlapWithALiveEntryIsRefused) {
  add(row("192.0.2.0/24", "2027-01-01"));
  EXPECT_THAT(contract.load("2026-11-03"), HasSubstr("overlaps proxy-0001 (192.0.2.1/32), which is live"));
}

TEST_F(Gate, AnotherSetMayNotHaveTheSameSpace) {
  contract.files.push_back(set_of({row("192.0.2.2/32", "2027-01-01")}, "other"));
  EXPECT_THAT(contract.load("2026-11-03"), HasSubstr("one address serves one set"));
}

TEST_F(Gate, MaxEntriesIsKept) {
  contract.set().policy.max_entries = {3, 16};
  EXPECT_EQ(contract.load("2026-11-03"), "");
  add(row("192.0.2.3/32", "2027-01-01"));
  add(row("192.0.2.4/32", "2027-01-01"));
  EXPECT_THAT(contract.load("2026-11-03"), HasSubstr("at most 3 IPv4 entries"));
  contract.entry(3) = row("2001:db8::4/128", "2027-01-01");
  EXPECT_EQ(contract.load("2026-11-03"), "");
}

TEST_F(Gate, EnableLaterIsAllowedBeforeItIsEnabledAndEarlierNeedsTheNotice) {
  add(row("192.0.2.3/32", "2026-12-01"));
  ASSERT_EQ(contract.load("2026-11-03"), "");
  contract.entry(2).enabled = moment("2026-12-24");
  EXPECT_EQ(contract.load("2026-12-01T11:59:59Z"), "");
  contract.entry(2).enabled = moment("2026-12-14");
  EXPECT_THAT(contract.load("2026-12-01T11:59:59Z"), HasSubstr("the earliest date is 2026-12-16"));
  contract.entry(2).enabled = moment("2026-12-16");
  EXPECT_EQ(contract.load("2026-12-01T11:59:59Z"), "");
  contract.entry(2).enabled = moment("2027-02-01");
  EXPECT_THAT(contract.load("2026-12-16T12:00:00Z"), HasSubstr("is enabled since 2026-12-16T12:00:00Z"));
}

TEST_F(Gate, CancelledStaysForOneNoticeAndIsNeverAnswered) {
  add(row("192.0.2.3/32", "2026-12-01"));
  ASSERT_EQ(contract.load("2026-11-03"), "");
  contract.entry(2).cancelled = true;
  EXPECT_EQ(contract.load("2026-11-20"), "");
  EXPECT_EQ(contract.state(2, "2026-12-02"), PromiseState::cancelled);
  EXPECT_EQ(contract.answers("2026-12-02"), "192.0.2.1 192.0.2.2 ");
  contract.set().entries.pop_back();
  EXPECT_THAT(contract.load("2026-12-03T23:59:59Z"), HasSubstr("the feed shows it until 2026-12-04T00:00:00Z"));
  EXPECT_EQ(contract.load("2026-12-04"), "");
}

TEST_F(Gate, WhatIsEnabledCannotBeCancelled) {
  contract.entry(0).cancelled = true;
  EXPECT_THAT(contract.load("2026-11-20"), HasSubstr("it can be retired or revoked, not cancelled"));
}

TEST_F(Gate, CancellationCannotBeUndone) {
  add(row("192.0.2.3/32", "2026-12-01"));
  ASSERT_EQ(contract.load("2026-11-03"), "");
  contract.entry(2).cancelled = true;
  ASSERT_EQ(contract.load("2026-11-04"), "");
  contract.entry(2).cancelled = false;
  EXPECT_THAT(contract.load("2026-11-04"), HasSubstr("cannot be undone"));
}

TEST_F(Gate, RetirementNeedsTheWholeNoticeBeforeTheLastAnswer) {
  contract.entry(0).retired = moment("2026-11-18");  // last answer 2026-11-17T09:55:00Z
  EXPECT_EQ(contract.load("2026-11-03T09:50:00Z"), "");
  EXPECT_EQ(contract.promise(0).last_answer_at, at("2026-11-17T09:55:00Z"));
  contract.entry(1).retired = moment("2026-11-18");
  EXPECT_THAT(contract.load("2026-11-03T09:50:01Z"), HasSubstr("the earliest date is 2026-11-19"));
}

TEST_F(Gate, AdvancingARetirementNeedsTheWholeNotice) {
  contract.entry(0).retired = moment("2027-03-01");
  ASSERT_EQ(contract.load("2026-11-03"), "");
  contract.entry(0).retired = moment("2026-11-20");
  EXPECT_THAT(contract.load("2026-11-10"), HasSubstr("less than the notice"));
  contract.entry(0).retired = moment("2026-11-26");
  EXPECT_EQ(contract.load("2026-11-10"), "");
  EXPECT_EQ(contract.promise(0).last_answer_at, at("2026-11-25T09:55:00Z"));
}

TEST_F(Gate, PostponedHostStaysButDnsObeysTheEarlierInstant) {
  contract.entry(0).retired = moment("2026-12-01");
  ASSERT_EQ(contract.load("2026-11-03"), "");
  const Instant last = *contract.promise(0).last_answer_at;
  contract.entry(0).retired = moment("2027-01-01");
  EXPECT_EQ(contract.load("2026-11-25"), "");
  EXPECT_EQ(contract.promise(0).last_answer_at, last);
  EXPECT_EQ(contract.promise(0).retired_at, at("2027-01-02T12:00:00Z"));
}

TEST_F(Gate, PostponementWithTheWholeNoticeMovesDnsToo) {
  contract.entry(0).retired = moment("2027-01-01");
  ASSERT_EQ(contract.load("2026-11-03"), "");
  contract.entry(0).retired = moment("2027-02-01");
  EXPECT_EQ(contract.load("2026-12-01"), "");
  EXPECT_EQ(contract.promise(0).last_answer_at, at("2027-01-31T09:55:00Z"));
}

TEST_F(Gate, RetirementTakenBackNeedsTheWholeNotice) {
  contract.entry(0).retired = moment("2027-01-01");
  ASSERT_EQ(contract.load("2026-11-03"), "");
  contract.entry(0).retired.reset();
  EXPECT_THAT(contract.load("2026-12-25"), HasSubstr("postpone it"));
  EXPECT_EQ(contract.load("2026-12-10"), "");
  EXPECT_FALSE(contract.promise(0).last_answer_at);
}

TEST_F(Gate, ListingAgainWaitsForTheQuarantine) {
  contract.entry(0).retired = moment("2026-12-01");
  ASSERT_EQ(contract.load("2026-11-03"), "");
  add(row("192.0.2.1/32", "2027-06-01"));
  EXPECT_THAT(contract.load("2026-12-24"), HasSubstr("it can be listed again from 2027-03-02T12:00:00Z on"));
  EXPECT_THAT(contract.load("2027-03-02T11:59:59Z"), HasSubstr("quarantine"));
  EXPECT_EQ(contract.load("2027-03-02T12:00:00Z"), "");
  EXPECT_EQ(contract.promise(2).id, "proxy-0003");
}

TEST_F(Gate, SplitLetsBothFormsStandForOneNotice) {
  contract.files.push_back(set_of({with_addresses(row("198.51.100.0/24", "2026-01-01"), {"198.51.100.9"})}, "wide"));
  EXPECT_NE(contract.load("2026-11-03"), "");  // no genesis any more
  contract.files[1].entries[0].enabled = moment("2026-11-20");
  ASSERT_EQ(contract.load("2026-11-03"), "");
  contract.files[1].entries[0].retired = moment("2027-01-10");
  contract.files[1].entries.push_back(with_addresses(row("198.51.100.0/25", "2027-01-05"), {"198.51.100.9"}));
  contract.files[1].entries.push_back(row("198.51.100.128/25", "2027-01-05"));
  EXPECT_EQ(contract.load("2026-12-01"), "");
  EXPECT_TRUE(is_live(state_at(contract.history.sets[1].entries[0], {}, at("2027-01-06"))));
}

TEST_F(Gate, AddressesFacilityAndReasonChangeAtOnce) {
  add(with_addresses(row("198.51.100.0/28", "2026-12-01"), {"198.51.100.1"}));
  ASSERT_EQ(contract.load("2026-11-03"), "");
  contract.entry(2).addresses = {address("198.51.100.2")};
  contract.entry(2).facility = "ewr-1";
  contract.entry(2).reason = "moved";
  EXPECT_EQ(contract.load("2026-12-02"), "");
  EXPECT_EQ(contract.answers("2026-12-02"), "192.0.2.1 192.0.2.2 198.51.100.2 ");
}

TEST_F(Gate, LoweredNoticeWaitsForTheOldOneAndRaisedIsAtOnce) {
  contract.set().policy.notice = days(30);
  ASSERT_EQ(contract.load("2026-11-03"), "");
  add(row("192.0.2.3/32", "2026-11-20"));
  EXPECT_THAT(contract.load("2026-11-03"), HasSubstr("the earliest date is 2026-12-03"));
  contract.set().entries.pop_back();
  contract.set().policy.notice = days(14);
  ASSERT_EQ(contract.load("2026-11-04"), "");
  add(row("192.0.2.3/32", "2026-12-17"));
  EXPECT_THAT(contract.load("2026-12-02"), HasSubstr("notice of 30d"));
  EXPECT_EQ(contract.history.sets[0].policy_at(at("2026-12-04T00:05:00Z")).notice, days(14));
  contract.entry(2).enabled = moment("2026-12-19");
  EXPECT_EQ(contract.load("2026-12-04T00:05:00Z"), "");
}

TEST_F(Gate, PolicyThatTightensAndLoosensIsTwoChanges) {
  contract.set().policy.notice = days(20);
  contract.set().policy.max_entries = {32, 8};
  ASSERT_EQ(contract.load("2026-11-03"), "");
  const PromisedSet& set = contract.history.sets[0];
  EXPECT_EQ(set.policy_at(at("2026-11-03")).notice, days(20));
  EXPECT_EQ(set.policy_at(at("2026-11-03")).max_entries[0], 16u);
  EXPECT_EQ(set.policy_at(at("2026-11-23T00:05:00Z")).max_entries[0], 32u);
  const size_t records = contract.records.size();
  EXPECT_EQ(contract.load("2026-11-04"), "");
  EXPECT_EQ(contract.records.size(), records);
}

TEST_F(Gate, DeletedRowIsRefused) {
  contract.set().entries.pop_back();
  EXPECT_THAT(contract.load("2026-11-03"), HasSubstr("customers rely on it: put it back and retire it"));
  contract.files.clear();
  EXPECT_THAT(contract.load("2026-11-03"), HasSubstr("of the pinned set 'proxy' is gone"));
}

TEST_F(Gate, RetiredRowStaysForTheRetention) {
  contract.entry(0).retired = moment("2026-12-01");
  ASSERT_EQ(contract.load("2026-11-03"), "");
  contract.set().entries.erase(contract.set().entries.begin());
  EXPECT_THAT(contract.load("2028-11-30"), HasSubstr("the feed shows it until 2028-12-01T12:00:00Z"));
  EXPECT_EQ(contract.load("2028-12-01T12:00:00Z"), "");
}

TEST_F(Gate, RevokedIsNotAnsweredAtOnceAndQuarantined) {
  contract.entry(0).revoked = true;
  EXPECT_EQ(contract.load("2026-11-03"), "");
  EXPECT_EQ(contract.answers("2026-11-03"), "192.0.2.2 ");
  EXPECT_EQ(contract.state(0, "2026-11-03"), PromiseState::revoked);
  add(row("192.0.2.1/32", "2027-06-01"));
  EXPECT_THAT(contract.load("2026-12-03"), HasSubstr("was revoked"));
}

TEST_F(Gate, WaiverNeedsPermissionAndReason) {
  add(row("192.0.2.3/32", "2026-11-03T10:00:00Z"));
  contract.entry(2).waived = true;
  EXPECT_THAT(contract.load("2026-11-03T10:00:00Z"), HasSubstr("allow_waiver: true"));
  contract.set().policy.allow_waiver = true;
  EXPECT_THAT(contract.load("2026-11-03T10:00:00Z"), HasSubstr("needs a reason"));
  contract.entry(2).reason = "site lost";
  EXPECT_EQ(contract.load("2026-11-03T10:00:00Z"), "");
  EXPECT_TRUE(contract.promise(2).waived);
  EXPECT_EQ(contract.answers("2026-11-03T10:00:00Z"), "192.0.2.1 192.0.2.2 192.0.2.3 ");
}

TEST_F(Gate, AnnouncedEntryMayBeWaived) {
  contract.set().policy.allow_waiver = true;
  add(row("192.0.2.3/32", "2026-12-01"));
  ASSERT_EQ(contract.load("2026-11-03"), "");
  contract.entry(2).waived = true;
  contract.entry(2).reason = "site lost";
  EXPECT_EQ(contract.load("2026-11-05T01:02:03Z"), "");
  EXPECT_EQ(contract.promise(2).enabled_at, at("2026-11-05T01:02:03Z"));
}

TEST_F(Gate, OutIsReplacedByStandbysAtOnceAndTheLastOnesStay) {
  PinnedEntry standby = row("198.51.100.0/28", "2026-12-01");
  standby.standby = {address("198.51.100.1")};
  add(standby);
  ASSERT_EQ(contract.load("2026-11-03"), "");
  contract.set().out = {address("192.0.2.1")};
  EXPECT_EQ(contract.answers("2026-11-30"), "192.0.2.2 ");  // the standby is not enabled yet
  EXPECT_EQ(contract.answers("2026-12-02"), "192.0.2.2 198.51.100.1 ");
  contract.set().out = {address("192.0.2.1"), address("192.0.2.2"), address("198.51.100.1")};
  EXPECT_EQ(contract.answers("2026-12-02"), "192.0.2.1 192.0.2.2 ");
}

TEST_F(Gate, StatesFollowEachOther) {
  contract.entry(0).retired = moment("2026-12-01");
  ASSERT_EQ(contract.load("2026-11-03"), "");
  EXPECT_EQ(contract.state(0, "2026-11-30T09:54:59Z"), PromiseState::active);
  EXPECT_EQ(contract.state(0, "2026-11-30T09:55:00Z"), PromiseState::draining);
  EXPECT_EQ(contract.state(0, "2026-12-02T11:59:59Z"), PromiseState::draining);
  EXPECT_EQ(contract.state(0, "2026-12-02T12:00:00Z"), PromiseState::retired);
  EXPECT_EQ(contract.state(0, "2026-12-16T12:00:00Z"), PromiseState::quarantined);
  EXPECT_EQ(contract.state(0, "2027-03-02T12:00:00Z"), PromiseState::retired);
}

}  // namespace
}  // namespace dnsd
