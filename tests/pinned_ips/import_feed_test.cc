#include "pinned_ips/import_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contracts.h"
#include "pinned_ips/feed/feed_document.h"

namespace dnsd {
namespace {

using ::testing::HasSubstr;
using testing::instant;

constexpr const char* seed = R"({"entries": [
  {"cidr": "192.0.2.8/29", "class": "ipv4", "published": "2025-12-01", "enabled": "2026-01-01", "retired": null,
   "facility": "dfw-1"},
  {"cidr": "203.0.113.7/32", "class": "ipv4", "published": "2026-11-10", "enabled": "2026-12-01",
   "retired": "2027-06-01"}]})";

Result<std::vector<LedgerRecord>> imported(std::string_view text, std::string_view now) {
  Result<ImportedFeed> feed = parse_feed(text);
  if (!feed) return feed.failure();
  for (ImportedEntry& entry : feed->entries)
    if (entry.set.empty()) entry.set = "proxy";
  return imported_records(*feed, {{"proxy", {}, 300}}, instant(now), "test");
}

TEST(ImportFeed, KeepsThePublishedDatesAsGenesis) {
  const auto records = imported(seed, "2026-11-21");
  ASSERT_TRUE(records) << records.failure().message;
  const auto history = fold(*records);
  ASSERT_TRUE(history);
  const std::vector<Promise>& entries = history->sets[0].entries;
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].published_at, instant("2025-12-01"));
  EXPECT_TRUE(entries[0].genesis);
  EXPECT_EQ(state_at(entries[1], {}, instant("2026-11-21")), PromiseState::announced);
  EXPECT_EQ(entries[1].last_answer_at, instant("2027-05-31T09:55:00Z"));
}

TEST(ImportFeed, OurOwnDocumentLeadsToTheSamePromises) {
  testing::WrittenLedger ledger;
  ledger.set.entries = {testing::pinned_row("192.0.2.1/32", "2026-01-01"),
                        testing::pinned_row("192.0.2.2/32", "2026-01-01")};
  ledger.load("2026-11-02");
  ledger.set.entries.push_back(testing::pinned_row("192.0.2.3/32", "2026-12-01T15:00:00Z"));
  ledger.load("2026-11-03");
  ledger.entry(0).retired = *parse_date_or_instant("2027-01-15");
  ledger.entry(1).revoked = true;
  ledger.load("2026-11-04");
  const Chronicle chronicle = ledger.until("2026-11-05");
  const auto feed = issued(chronicle, chronicle.issue_at_end());
  const auto records = imported(*feed_document(feed->view("")), "2026-11-21");
  ASSERT_TRUE(records) << records.failure().message;
  const auto history = fold(*records);
  ASSERT_TRUE(history);
  EXPECT_EQ(history->base_serial, feed->stamp.serial);
  for (const Promise& before : feed->sets[0].entries) {
    const Promise* after = find_promise(*history, {.set = "proxy", .entry = before.id});
    ASSERT_NE(after, nullptr) << before.id;
    EXPECT_EQ(after->enabled_at, before.enabled_at);
    EXPECT_EQ(after->last_answer_at, before.last_answer_at);
    EXPECT_EQ(after->retired_at, before.retired_at);
    EXPECT_EQ(after->revoked_at.has_value(), before.revoked_at.has_value());
  }
}

TEST(ImportFeed, SaysWhatIsWrong) {
  for (const auto& [text, words] : {std::pair{"", "no JSON"}, {"{}", "no list of \"entries\""}, {"[]", "no entry"},
                                    {"[1]", "entry 1: it is no object"},
                                    {R"([{"cidr": "192.0.2.9/29"}])", "entry 1: \"cidr\": "},
                                    {R"([{"cidr": "192.0.2.8/29"}])", "entry 1: \"published\": is missing"},
                                    {R"([{"cidr": "192.0.2.8/29", "published": "soon"}])", "entry 1: \"published\": "}}) {
    const auto refused = imported(text, "2026-11-21");
    ASSERT_FALSE(refused) << text;
    EXPECT_THAT(refused.failure().message, HasSubstr(words));
  }
}

TEST(ImportFeed, WhatWasNotPublicLongEnoughIsRefused) {
  const auto refused = imported(
      R"([{"cidr": "192.0.2.8/29", "published": "2026-11-20", "enabled": "2026-12-01"}])", "2026-11-21");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.failure().message, HasSubstr("less than the notice after published 2026-11-20"));
}

TEST(LedgerRecord, LinesThatAreNone) {
  for (const char* line :
       {"", "{}", "[]", R"({"seq": 1})", R"({"seq":1,"batch":1,"at":"2026-11-21T00:00:00Z","actor":"x","edit":"y"})",
        R"({"seq":1,"batch":1,"at":"2026-11-21T00:00:00Z","actor":"x","edit":"cancel","set":"p"})"})
    EXPECT_FALSE(parse_ledger_record(line)) << line;
}

}  // namespace
}  // namespace dnsd
