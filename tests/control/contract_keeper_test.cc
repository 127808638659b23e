#include "dnsd/control/contract_keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contracts.h"
#include "temporary_folder.h"

namespace dnsd {
namespace {

using ::testing::HasSubstr;
using testing::instant;

class Keeping : public ::testing::Test {
 protected:
  std::unique_ptr<ContractKeeper> open() {
    auto keeper = ContractKeeper::open(folder.path());
    EXPECT_TRUE(keeper) << (keeper ? "" : keeper.failure().message);
    return keeper ? std::move(*keeper) : nullptr;
  }
  // As a load does it.
  void load(ContractKeeper& keeper, std::string_view now) {
    Diagnostics diagnostics;
    Reconciled granted = reconcile(keeper.history(), {&set, 1}, instant(now), "test", {}, diagnostics);
    ASSERT_TRUE(diagnostics.empty()) << to_text(diagnostics);
    auto prepared = keeper.prepare(std::move(granted.records), instant(now));
    ASSERT_TRUE(prepared);
    ASSERT_TRUE(keeper.commit(std::move(*prepared)));
    ASSERT_TRUE(keeper.show("", instant(now)));
  }

  Keeping() {
    set.name = "proxy";
    set.entries = {testing::pinned_row("192.0.2.1/32", "2026-01-01")};
  }
  testing::TemporaryFolder folder;
  PinnedSet set;
};

TEST_F(Keeping, WhatWasCommittedOutlivesTheProcess) {
  load(*open(), "2026-11-02");
  const auto again = open();
  EXPECT_EQ(again->history().seq, 3u);
  EXPECT_EQ(again->shown()->serial, 1u);
  EXPECT_EQ(again->not_before(), instant("2026-11-02"));
}

TEST_F(Keeping, WhatWasOnlyPreparedDoesNot) {
  {
    const auto keeper = open();
    Diagnostics diagnostics;
    Reconciled granted = reconcile({}, {&set, 1}, instant("2026-11-02"), "test", {}, diagnostics);
    ASSERT_TRUE(keeper->prepare(std::move(granted.records), instant("2026-11-02")));
    EXPECT_EQ(keeper->history().seq, 0u);
  }
  EXPECT_EQ(open()->history().seq, 0u);
}

TEST_F(Keeping, SerialDoesNotFallWhenTheClockIsSetBack) {
  set.entries.push_back(testing::pinned_row("192.0.2.2/32", "2026-12-01"));
  {
    const auto keeper = open();
    load(*keeper, "2026-11-02");
    load(*keeper, "2026-12-01T12:00:00Z");
    EXPECT_EQ(keeper->shown()->serial, 2u);
  }
  const auto again = open();
  EXPECT_EQ(again->not_before(), instant("2026-12-01T12:00:00Z"));
  EXPECT_EQ(again->chronicle()->issue_at_end()->stamp.serial, 2u);
}

TEST_F(Keeping, SerialOfAFeedOfBeforeGoesOn) {
  folder.write("feed.json", "{\"serial\": 41, \"generated_at\": \"2026-11-01T00:00:00Z\", \"digest\": \"x\"}\n");
  const auto keeper = open();
  load(*keeper, "2026-11-02");
  EXPECT_EQ(keeper->shown()->serial, 42u);
  EXPECT_EQ(open()->chronicle()->first_serial(), 42u);
}

TEST_F(Keeping, ALedgerThatDoesNotLeadToTheFeedIsRefused) {
  load(*open(), "2026-11-02");
  folder.write("feed.json", "{\"serial\": 7, \"generated_at\": \"2026-11-02T00:00:00Z\", \"digest\": \"x\"}\n");
  const auto refused = ContractKeeper::open(folder.path());
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.failure().message, HasSubstr("leads to serial 1 of the feed, but 7 was shown"));
  EXPECT_THAT(refused.failure().message, HasSubstr("zone-edit ledger rebuild"));
}

TEST_F(Keeping, ADamagedStampIsRefused) {
  folder.write("feed.json", "{\"serial\": ");
  const auto refused = ContractKeeper::open(folder.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().message.find(folder / "feed.json"), 0u) << refused.failure().message;
}

}  // namespace
}  // namespace dnsd
