#include "pinned_ips/feed/feed_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "feed_sample.h"
#include "pinned_ips/feed/formats.h"

namespace dnsd {
namespace {

using Json = nlohmann::ordered_json;
using sample::at;
using sample::now;
using sample::promise;
using sample::retiring;
using sample::rich_sets;
using sample::view;
using testing::ElementsAre;

TEST(FeedDocument, GoldenBytesWithoutAnythingScheduled) {
  const std::vector<PromisedSet> sets = {
      sample::set_of("proxy", {sample::genesis(promise("proxy-0001", "192.0.2.77/32", "2025-12-01", "2026-01-01"))})};
  sample::expect_golden("ip-ranges_unchanging.json", *feed_document(view(sets)));
}

TEST(FeedDocument, NothingToServeIsNoDocument) {
  EXPECT_EQ(feed_document(view({})), std::nullopt);
  const std::vector<PromisedSet> without_entries = {sample::set_of("proxy", {})};
  EXPECT_EQ(feed_document(view(without_entries)), std::nullopt);
  EXPECT_EQ(feed_meaning(without_entries, now), std::nullopt);
  const std::vector<PromisedSet> long_over = {sample::set_of(
      "proxy", {retiring(promise("proxy-0001", "192.0.2.1/32", "2020-01-01", "2020-02-01"), "2020-06-01")})};
  EXPECT_EQ(feed_document(view(long_over)), std::nullopt);
}

TEST(FeedDocument, OrderInTheLedgerDoesNotMatter) {
  std::vector<PromisedSet> sets = rich_sets();
  const auto before = feed_document(view(sets));
  std::ranges::reverse(sets);
  for (PromisedSet& set : sets) std::ranges::reverse(set.entries);
  EXPECT_EQ(feed_document(view(sets)), before);
}

TEST(FeedDocument, BytesAreTheSameAllTheWayToTheNextChange) {
  const std::vector<PromisedSet> sets = rich_sets();
  const Instant next = *next_feed_change(sets, now);
  EXPECT_EQ(to_text(next), "2026-11-23T12:00:00Z");
  for (const FeedFormat& format : feed_formats()) {
    FeedView at_time = view(sets);
    const auto early = format.render(at_time);
    at_time.now = next - Duration{1};
    EXPECT_EQ(format.render(at_time), early) << format.name;
  }
  FeedView after = view(sets);
  after.now = next;
  EXPECT_NE(feed_document(after), feed_document(view(sets)));
}

// A reader that knows days only must open its firewall in time and must not close it too early, wherever it is.
TEST(FeedDocument, DaysOfInstantsAreOnTheSafeSide) {
  const auto days_of = [](std::string_view enabled, std::string_view retired) {
    const Promise p = retiring(promise("a-1", "192.0.2.1/32", "2026-01-01T23:59:59Z", enabled), retired);
    return enabled_day(p) + " " + *retired_day(p) + " " + published_day(p);
  };
  EXPECT_EQ(days_of("2026-12-24T12:00:00Z", "2027-01-14T10:00:00Z"), "2026-12-24 2027-01-15 2026-01-01");
  EXPECT_EQ(days_of("2026-12-24T11:59:59Z", "2027-01-14T10:00:01Z"), "2026-12-23 2027-01-16 2026-01-01");
  EXPECT_EQ(days_of("2026-12-24", "2027-01-15"), "2026-12-24 2027-01-15 2026-01-01");
}

TEST(FeedDocument, WhatWasWaivedIsEnabledOnTheDayItReallyWas) {
  Promise p = promise("a-1", "192.0.2.1/32", "2026-01-01T09:00:00Z", "2026-03-01");
  p.enabled_at = at("2026-01-05T15:00:00Z");
  EXPECT_EQ(enabled_day(p), "2026-01-05");
  p.enabled_at = p.published_at;
  EXPECT_EQ(enabled_day(p), "2026-01-01");
}

// Else a reader of days would let a hijacked address through for ever.
TEST(FeedDocument, WhatWasCancelledOrRevokedIsRetiredForReadersOfDays) {
  const Promise plain = promise("a-1", "192.0.2.1/32", "2026-01-01T09:00:00Z", "2026-03-01");
  EXPECT_EQ(retired_day(plain), std::nullopt);
  EXPECT_EQ(retired_day(sample::cancelled(plain, "2026-02-01T10:00:00Z")), "2026-02-01");
  const Promise lost = sample::revoked(retiring(plain, "2026-09-01"), "2026-05-01T23:00:00Z");
  EXPECT_EQ(retired_day(lost), "2026-05-01");
  EXPECT_EQ(last_answer_of(lost), at("2026-05-01T23:00:00Z"));
  EXPECT_EQ(end_of(lost), at("2026-05-01T23:00:00Z"));
  const Promise lost_later = sample::revoked(retiring(plain, "2026-04-01"), "2026-05-01T23:00:00Z");
  EXPECT_EQ(last_answer_of(lost_later), at("2026-03-31T09:55:00Z"));
}

TEST(FeedMeaning, IsTheDocumentWithoutItsStamp) {
  const std::vector<PromisedSet> sets = rich_sets();
  Json document = Json::parse(*feed_document(view(sets)));
  for (const char* key : {"serial", "generated_at", "valid_until", "syncToken", "createDate"})
    EXPECT_EQ(document.erase(key), 1u) << key;
  EXPECT_EQ(feed_meaning(sets, now), document.dump(2) + "\n");
}

TEST(FeedMeaning, ChangesWithAStateAndWithTheLedger) {
  std::vector<PromisedSet> sets = rich_sets();
  const auto meaning = feed_meaning(sets, now);
  EXPECT_EQ(feed_meaning(sets, now + hours(1)), meaning);
  EXPECT_NE(feed_meaning(sets, at("2026-12-24T12:00:00Z")), meaning);
  sets[0].entries[0].facility = "dfw-2";
  EXPECT_NE(feed_meaning(sets, now), meaning);
}

// Every change of the meaning by time alone comes at an instant that next_feed_change() names: else two servers would
// count different serials.
TEST(FeedMeaning, ChangesAtTheInstantsThatAreForetoldAndNeverElse) {
  const std::vector<PromisedSet> sets = rich_sets();
  int changes = 0;
  Instant instant = now;
  for (auto next = next_feed_change(sets, instant); next; next = next_feed_change(sets, instant)) {
    EXPECT_EQ(feed_meaning(sets, *next - Duration{1}), feed_meaning(sets, instant)) << to_text(*next);
    instant = *next;
    ++changes;
  }
  EXPECT_GT(changes, 20);
}

TEST(FeedDocument, OctetsThatAreNoUtf8AreReplaced) {
  const std::vector<PromisedSet> sets = {sample::set_of(
      "proxy", {sample::at_facility(promise("proxy-0001", "192.0.2.77/32", "2025-12-01", "2026-01-01"), "ewr\xff")})};
  const auto text = feed_document(view(sets));
  ASSERT_TRUE(text);
  EXPECT_EQ(Json::parse(*text)["entries"][0]["facility"], "ewr\xef\xbf\xbd");
}

TEST(FeedDocument, PolicyIsWhatHoldsForEverySet) {
  const Json policy = Json::parse(*feed_document(view(rich_sets())))["policy"];
  EXPECT_EQ(policy["notice_hours"], 168);
  EXPECT_EQ(policy["quarantine_days"], 60);
  EXPECT_EQ(policy["max_entries"], (Json{{"ipv4", 16}, {"ipv6", 16}}));
}

TEST(TrackRecord, CountsWhatWasPromisedAndNotKept) {
  const TrackRecord record = track_record(rich_sets());
  EXPECT_EQ(record.waivers, 1u);
  EXPECT_EQ(record.revoked, 1u);
  EXPECT_EQ(record.shortest_notice, Duration{0});
  std::vector<PromisedSet> kept = {sample::set_of(
      "proxy", {sample::genesis(promise("proxy-0001", "192.0.2.1/32", "2026-01-01", "2026-01-01")),
                promise("proxy-0002", "192.0.2.2/32", "2026-01-01T00:00:00Z", "2026-01-16"),
                sample::cancelled(promise("proxy-0003", "192.0.2.3/32", "2026-01-01T00:00:00Z", "2026-01-02"),
                                  "2026-01-01T01:00:00Z")})};
  EXPECT_EQ(track_record(kept).shortest_notice, hours(15 * 24 + 12));
  kept[0].entries.resize(1);
  EXPECT_EQ(track_record(kept).shortest_notice, std::nullopt);
}

// A small reader of the schema: every key it requires is in the document, and every key of the document is described.
void expect_described(const Json& value, const Json& schema, const Json& root, const std::string& where) {
  if (schema.contains("$ref")) {
    const std::string ref = schema["$ref"];
    return expect_described(value, root["$defs"].at(ref.substr(ref.rfind('/') + 1)), root, where);
  }
  if (value.is_object()) {
    for (const auto& key : schema.value("required", Json::array()))
      EXPECT_TRUE(value.contains(key.get<std::string>())) << where << " lacks " << key;
    for (const auto& [key, inner] : value.items()) {
      ASSERT_TRUE(schema["properties"].contains(key)) << where << "." << key;
      expect_described(inner, schema["properties"][key], root, where + "." + key);
    }
  }
  if (value.is_array())
    for (const Json& item : value) expect_described(item, schema["items"], root, where + "[]");
  if (schema.contains("enum")) {
    EXPECT_THAT(schema["enum"], testing::Contains(value)) << where;
  }
}

TEST(FeedSchema, DescribesTheDocument) {
  const std::vector<PromisedSet> sets = rich_sets();
  const Json schema = Json::parse(*find_feed_format("schema")->render(view(sets)));
  expect_described(Json::parse(*find_feed_format("json")->render(view(sets))), schema, schema, "$");
}

TEST(FeedSchema, IsWhereTheDocumentSays) {
  const Json document = Json::parse(*feed_document(view(rich_sets())));
  EXPECT_EQ("/" + document["$schema"].get<std::string>(), find_feed_format("schema")->path);
}

}  // namespace
}  // namespace dnsd
