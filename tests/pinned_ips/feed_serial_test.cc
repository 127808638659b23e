#include "pinned_ips/feed/feed_serial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pinned_ips/feed/digest.h"
#include "pinned_ips/feed/feed_document.h"
#include "sets.h"

namespace dnsd {
namespace {

using testing::HasSubstr;

const Instant noon = at("2026-11-21T12:00:00Z");
const std::string one(64, '1'), two(64, '2');

TEST(FeedSerial, BeginsAtOne) { EXPECT_EQ(next_stamp(std::nullopt, one, noon), (FeedStamp{1, noon, one})); }

TEST(FeedSerial, StaysWithTheMeaning) {
  const FeedStamp stamp{42, noon, one};
  EXPECT_EQ(next_stamp(stamp, one, noon + days(3)), stamp);
}

TEST(FeedSerial, RisesByOneWithTheMeaning) {
  EXPECT_EQ(next_stamp(FeedStamp{42, noon, one}, two, noon + days(3)), (FeedStamp{43, noon + days(3), two}));
}

TEST(FeedSerial, GeneratedAtRisesEvenWithinASecondAndWhenTheClockStepsBack) {
  const FeedStamp stamp{42, noon, one};
  EXPECT_EQ(next_stamp(stamp, two, noon).generated_at, noon + Duration{1});
  EXPECT_EQ(next_stamp(stamp, two, noon - days(1)).generated_at, noon + Duration{1});
}

TEST(FeedSerial, TextComesBack) {
  const FeedStamp stamp{42, noon, one};
  EXPECT_EQ(to_text(stamp), "{\"serial\":42,\"generated_at\":\"2026-11-21T12:00:00Z\",\"digest\":\"" + one + "\"}\n");
  const Result<FeedStamp> read = parse_feed_stamp(to_text(stamp));
  ASSERT_TRUE(read) << read.failure().message;
  EXPECT_EQ(*read, stamp);
}

std::string why_not(std::string_view text) {
  const Result<FeedStamp> stamp = parse_feed_stamp(text);
  return stamp ? "it is fine" : stamp.failure().message;
}

TEST(FeedSerial, BrokenContentIsRefusedWithAWayOut) {
  const std::string rest = R"(,"generated_at":"2026-11-21T12:00:00Z","digest":")" + one + "\"}";
  EXPECT_THAT(why_not(""), HasSubstr("no JSON object"));
  EXPECT_THAT(why_not("[1]"), HasSubstr("no JSON object"));
  EXPECT_THAT(why_not(to_text(FeedStamp{42, noon, one}).substr(0, 40)), HasSubstr("no JSON object"));
  for (const char* serial : {"0", "-1", "1.5", "\"42\"", "9007199254740992", "null"})
    EXPECT_THAT(why_not("{\"serial\":" + std::string(serial) + rest), HasSubstr("\"serial\" is not a number"))
        << serial;
  EXPECT_THAT(why_not(R"({"serial":1,"digest":")" + one + "\"}"), HasSubstr("\"generated_at\""));
  EXPECT_THAT(why_not(R"({"serial":1,"generated_at":"2026-11-21T12:00:00Z","digest":"ABC"})"),
              HasSubstr("\"digest\""));
  EXPECT_THAT(why_not("{\"more\":1,\"serial\":1" + rest), HasSubstr("keys besides"));
  EXPECT_EQ(why_not("{\"serial\":1" + rest), "it is fine");
  EXPECT_THAT(why_not(""), HasSubstr("restore the file from a backup, or write"));
}

TEST(FeedSerial, WhatTheWayOutProposesIsRead) {
  std::string message = why_not("");
  message = message.substr(message.find('{'));
  message = message.substr(0, message.find('}') + 1);
  message.replace(message.find('N'), 1, "42");
  const Result<FeedStamp> stamp = parse_feed_stamp(message);
  ASSERT_TRUE(stamp) << stamp.failure().message;
  EXPECT_EQ(next_stamp(*stamp, one, noon).serial, 43u);
}

TEST(FeedSerial, FollowsTheSets) {
  PinnedSet set;
  set.name = "proxy";
  set.entries = {entry("192.0.2.77/32", "2026-11-01", "2026-12-24")};
  const std::span<const PinnedSet> sets(&set, 1);
  const FeedStamp first = **stamp_feed(std::nullopt, sets, noon);
  EXPECT_EQ(first.serial, 1u);
  EXPECT_EQ(**stamp_feed(first, sets, noon + days(1)), first);
  EXPECT_EQ((*stamp_feed(first, sets, at("2026-12-24T12:00:00Z")))->serial, 2u);
  EXPECT_EQ(*stamp_feed(first, {}, noon), std::nullopt);
}

// FIPS 180-2 B.1 and RFC 4648 10.
TEST(Digest, KnownAnswers) {
  EXPECT_EQ(*meaning_digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const auto encoded = [](std::string_view text) {
    return base64({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  };
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg==");
  EXPECT_EQ(encoded("fo"), "Zm8=");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
}

}  // namespace
}  // namespace dnsd
