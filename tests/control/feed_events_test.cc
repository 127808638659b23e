#include "dnsd/control/feed_events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "contracts.h"
#include "pinned_ips/feed/digest.h"
#include "pinned_ips/feed/feed_document.h"

namespace dnsd {
namespace {

using ::testing::ElementsAre;
using testing::instant;

// Announced on the 3rd, enabled at noon on December 1st, another one retired on the 10th.
testing::WrittenLedger story() {
  testing::WrittenLedger ledger;
  ledger.set.entries = {testing::pinned_row("192.0.2.1/32", "2026-01-01")};
  ledger.load("2026-11-02");
  ledger.set.entries.push_back(testing::pinned_row("192.0.2.2/32", "2026-12-01"));
  ledger.load("2026-11-03");
  ledger.entry(0).retired = *parse_date_or_instant("2026-12-10");
  ledger.load("2026-11-04");
  return ledger;
}

std::vector<std::string> told(const Chronicle& chronicle, const EventCursor& cursor, std::string_view now) {
  const auto events = feed_events(chronicle, cursor, instant(now), "https://feed.example.com");
  EXPECT_TRUE(events);
  std::vector<std::string> texts;
  for (const WebhookEvent& event : *events) {
    const auto body = nlohmann::json::parse(event.body);
    texts.push_back(event.type.substr(8) + " " + body["data"]["entry"].get<std::string>() + " " +
                    std::to_string(body["data"]["serial"].get<int>()) + " " + body["timestamp"].get<std::string>());
  }
  return texts;
}

TEST(FeedEvents, TellWhatTheFeedSays) {
  EXPECT_THAT(told(story().until("2026-12-15"), {1, instant("2026-11-02")}, "2026-12-15"),
              ElementsAre("announced proxy-0002 2 2026-11-03T00:00:00Z", "rescheduled proxy-0001 3 2026-11-04T00:00:00Z",
                          "enabled proxy-0002 4 2026-12-01T12:00:00Z", "retired proxy-0001 6 2026-12-11T12:00:00Z",
                          "reminder proxy-0002 6 2026-11-17T12:00:00Z", "reminder proxy-0002 6 2026-11-24T12:00:00Z",
                          "reminder proxy-0001 6 2026-11-25T09:55:00Z", "reminder proxy-0002 6 2026-11-30T12:00:00Z",
                          "reminder proxy-0001 6 2026-12-02T09:55:00Z", "reminder proxy-0001 6 2026-12-08T09:55:00Z"));
}

TEST(FeedEvents, NothingIsToldTwiceAndNothingIsLeftOut) {
  const testing::WrittenLedger ledger = story();
  std::vector<std::string> in_steps;
  EventCursor cursor{1, instant("2026-11-02")};
  for (Instant now = instant("2026-11-02"); now <= instant("2026-12-15"); now = now + hours(7)) {
    const Chronicle chronicle = ledger.until(to_text(now));
    // A record that has not been made yet is not known; this one is cut to what was there.
    const auto events = feed_events(chronicle, cursor, now, "");
    ASSERT_TRUE(events);
    for (const WebhookEvent& event : *events) in_steps.push_back(event.id);
    cursor = {chronicle.issue_at_end()->stamp.serial, now};
  }
  const auto at_once = feed_events(ledger.until("2026-12-15"), {1, instant("2026-11-02")}, instant("2026-12-15"), "");
  std::vector<std::string> ids;
  for (const WebhookEvent& event : *at_once) ids.push_back(event.id);
  EXPECT_THAT(in_steps, ::testing::UnorderedElementsAreArray(ids));
  for (const std::string& id : ids)
    EXPECT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"), std::string::npos);
}

TEST(FeedEvents, BodyIsThinAndNamesTheSnapshotWithItsDigest) {
  const Chronicle chronicle = story().until("2026-11-03");
  const auto events = feed_events(chronicle, {1, instant("2026-11-02")}, instant("2026-11-03"), "https://feed.example.com");
  ASSERT_TRUE(events);
  const auto body = nlohmann::json::parse(events->at(0).body);
  EXPECT_EQ(body["type"], "iprange.announced");
  EXPECT_EQ(body["data"]["snapshot"], "https://feed.example.com/ip-ranges/snapshots/2.json");
  const auto feed = issued(chronicle, chronicle.issue(2));
  EXPECT_EQ(body["data"]["sha256"], hex(*sha256(*feed_document(feed->view("https://feed.example.com")))));
  EXPECT_EQ(events->at(0).body.find("192.0.2"), std::string::npos);
}

TEST(EventCursor, OutlivesARestart) {
  const EventCursor cursor{42, instant("2026-11-21T09:00:00Z")};
  EXPECT_EQ(to_text(cursor), "serial 42, 2026-11-21T09:00:00Z");
  EXPECT_EQ(*parse_event_cursor(to_text(cursor)), cursor);
  for (const char* wrong : {"", "serial", "serial 42", "serial x, 2026-11-21T09:00:00Z", "serial 42, then"})
    EXPECT_FALSE(parse_event_cursor(wrong)) << wrong;
}

}  // namespace
}  // namespace dnsd
