#include "pinned_ips/feed/feed_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "pinned_ips/feed/formats.h"
#include "sets.h"

namespace dnsd {
namespace {

using Json = nlohmann::ordered_json;
using testing::ElementsAre;

std::string golden(const std::string& name) {
  std::ifstream file(std::string(TEST_DIRECTORY) + "/pinned_ips/golden/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

PinnedEntry at_facility(PinnedEntry e, std::string facility) {
  e.facility = std::move(facility);
  return e;
}

std::vector<PinnedSet> two_sets() {
  PinnedSet proxy, mail;
  proxy.name = "proxy";
  proxy.entries = {
      at_facility(entry("2001:db8:77::/64", "2025-12-01", "2026-01-01"), "ewr-1"),
      at_facility(entry("203.0.113.7/32", "2026-11-21", "2026-12-24"), "ewr-1"),
      at_facility(entry("192.0.2.77/32", "2025-12-01", "2026-01-01", "2027-01-15"), "ewr-1"),
      at_facility(with_addresses(
                      entry("192.0.2.8/29", "2025-12-01T09:00:00Z", "2026-01-01T03:00:00Z", "2027-02-01T11:00:00Z"),
                      {"192.0.2.9"}),
                  "dfw-1"),
      at_facility(entry("192.0.2.100/32", "2025-01-01", "2025-02-01", "2025-06-01"), "dfw-1"),
  };
  mail.name = "mail";
  mail.notice = days(7);
  mail.ttl = 3600;
  mail.entries = {at_facility(entry("198.51.100.25/32", "2025-12-01", "2026-01-01", "2026-11-25"), "lhr \"2\"")};
  return {proxy, mail};
}

const Instant now = at("2026-11-21T10:00:00Z");
const FeedStamp stamp{42, at("2026-11-02T09:00:00Z"), std::string(64, 'a')};

TEST(FeedDocument, GoldenBytes) {
  const std::vector<PinnedSet> sets = two_sets();
  EXPECT_EQ(feed_document({sets, stamp, now}), golden("ip-ranges.json"));
}

TEST(FeedDocument, GoldenBytesWithoutAnythingScheduled) {
  PinnedSet proxy;
  proxy.name = "proxy";
  proxy.entries = {entry("192.0.2.77/32", "2025-12-01", "2026-01-01")};
  EXPECT_EQ(feed_document({{&proxy, 1}, stamp, now}), golden("ip-ranges_unchanging.json"));
}

TEST(FeedDocument, NothingToServeIsNoDocument) {
  EXPECT_EQ(feed_document({{}, stamp, now}), std::nullopt);
  const PinnedSet without_entries;
  EXPECT_EQ(feed_document({{&without_entries, 1}, stamp, now}), std::nullopt);
  EXPECT_EQ(feed_meaning({&without_entries, 1}, now), std::nullopt);
}

TEST(FeedDocument, OrderOfTheFilesDoesNotMatter) {
  std::vector<PinnedSet> sets = two_sets();
  const auto before = feed_document({sets, stamp, now});
  std::reverse(sets.begin(), sets.end());
  for (PinnedSet& set : sets) std::reverse(set.entries.begin(), set.entries.end());
  EXPECT_EQ(feed_document({sets, stamp, now}), before);
}

TEST(FeedDocument, BytesAreTheSameAllTheWayToTheNextChange) {
  const std::vector<PinnedSet> sets = two_sets();
  const auto early = feed_document({sets, stamp, now});
  const Instant next = *next_feed_change(sets, now);
  EXPECT_EQ(to_text(next), "2026-11-24T09:00:00Z");
  EXPECT_EQ(feed_document({sets, stamp, next - Duration{1}}), early);
  EXPECT_NE(feed_document({sets, stamp, next}), early);
}

TEST(FeedDocument, RowsBySetFamilyAndNumber) {
  const std::vector<PinnedSet> sets = two_sets();
  std::vector<std::string> ids;
  for (const FeedRow& row : feed_rows(sets)) ids.push_back(row.id);
  EXPECT_THAT(ids, ElementsAre("mail-198.51.100.25-32-20251201", "proxy-192.0.2.8-29-20251201",
                               "proxy-192.0.2.77-32-20251201", "proxy-192.0.2.100-32-20250101",
                               "proxy-203.0.113.7-32-20261121", "proxy-2001:db8:77::-64-20251201"));
}

// A reader that knows days only must open its firewall in time and must not close it too early, wherever it is.
TEST(FeedDocument, DaysOfInstantsAreOnTheSafeSide) {
  const auto days_of = [](std::string_view enabled, std::string_view retired) {
    const PinnedEntry e = entry("192.0.2.1/32", "2026-01-01T23:59:59Z", enabled, retired);
    return enabled_day(e) + " " + *retired_day(e) + " " + published_day(e);
  };
  EXPECT_EQ(days_of("2026-12-24T12:00:00Z", "2027-01-14T10:00:00Z"), "2026-12-24 2027-01-15 2026-01-01");
  EXPECT_EQ(days_of("2026-12-24T11:59:59Z", "2027-01-14T10:00:01Z"), "2026-12-23 2027-01-16 2026-01-01");
  EXPECT_EQ(days_of("2026-12-24", "2027-01-15"), "2026-12-24 2027-01-15 2026-01-01");
}

TEST(FeedMeaning, IsTheDocumentWithoutItsStamp) {
  const std::vector<PinnedSet> sets = two_sets();
  Json document = Json::parse(*feed_document({sets, stamp, now}));
  for (const char* key : {"serial", "generated_at", "valid_until", "syncToken", "createDate"})
    EXPECT_EQ(document.erase(key), 1u) << key;
  EXPECT_EQ(feed_meaning(sets, now), document.dump(2) + "\n");
}

TEST(FeedMeaning, ChangesWithAStateAndWithTheFiles) {
  std::vector<PinnedSet> sets = two_sets();
  const auto meaning = feed_meaning(sets, now);
  EXPECT_EQ(feed_meaning(sets, now + hours(1)), meaning);
  EXPECT_NE(feed_meaning(sets, at("2026-12-24T12:00:00Z")), meaning);
  sets[0].entries[1].facility = "dfw-2";
  EXPECT_NE(feed_meaning(sets, now), meaning);
}

TEST(FeedDocument, OctetsThatAreNoUtf8AreReplaced) {
  PinnedSet proxy;
  proxy.name = "proxy";
  proxy.entries = {at_facility(entry("192.0.2.77/32", "2025-12-01", "2026-01-01"), "ewr\xff")};
  const auto text = feed_document({{&proxy, 1}, stamp, now});
  ASSERT_TRUE(text);
  EXPECT_EQ(Json::parse(*text)["entries"][0]["facility"], "ewr\xef\xbf\xbd");
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
  const std::vector<PinnedSet> sets = two_sets();
  const FeedView view{sets, stamp, now};
  const Json schema = Json::parse(*find_feed_format("schema")->render(view));
  expect_described(Json::parse(*find_feed_format("json")->render(view)), schema, schema, "$");
}

TEST(FeedFormats, EveryRowIsWholeAndOfItsOwn) {
  const std::vector<PinnedSet> sets = two_sets();
  for (const FeedFormat& format : feed_formats()) {
    EXPECT_TRUE(format.path.starts_with("/ip-ranges")) << format.path;
    EXPECT_EQ(find_feed_format(format.name), &format);
    const auto text = format.render({sets, stamp, now});
    ASSERT_TRUE(text) << format.name;
    EXPECT_EQ(text->back(), '\n') << format.name;
  }
  EXPECT_EQ(find_feed_format("xml"), nullptr);
}

TEST(FeedFormats, TheSchemaIsWhereTheDocumentSays) {
  const std::vector<PinnedSet> sets = two_sets();
  const Json document = Json::parse(*feed_document({sets, stamp, now}));
  EXPECT_EQ("/" + document["$schema"].get<std::string>(), find_feed_format("schema")->path);
}

}  // namespace
}  // namespace dnsd
