// Every row of the table of views, octet for octet (tests/pinned_ips/golden; tests/system/consumers_test.py shows the
// same files to those who read them), and what the bytes alone do not show.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>

#include "feed_sample.h"
#include "pinned_ips/feed/changes_json.h"
#include "pinned_ips/feed/feed_text.h"
#include "pinned_ips/feed/formats.h"
#include "pinned_ips/feed/ipset.h"
#include "pinned_ips/feed/moments.h"

namespace dnsd {
namespace {

using Json = nlohmann::ordered_json;
using sample::promise;
using sample::rich_sets;
using sample::view;
using testing::HasSubstr;
using testing::Not;

TEST(FeedViews, GoldenBytes) {
  const std::vector<PromisedSet> sets = rich_sets();
  for (const FeedFormat& format : feed_formats()) {
    const auto text = format.render(view(sets));
    ASSERT_TRUE(text || format.name == "removable-v6") << format.name;
    if (text) sample::expect_golden(std::string(format.path.substr(format.path.rfind('/') + 1)), *text);
  }
}

TEST(FeedViews, EveryRowIsWholeAndOfItsOwn) {
  const std::vector<PromisedSet> sets = rich_sets();
  for (const FeedFormat& format : feed_formats()) {
    EXPECT_TRUE(format.path.starts_with("/ip-ranges")) << format.path;
    EXPECT_EQ(find_feed_format(format.name), &format);
    for (const FeedFormat& other : feed_formats()) EXPECT_TRUE(&format == &other || format.path != other.path);
    EXPECT_EQ(format.render(view(sets)).value_or("\n").back(), '\n') << format.name;
  }
  EXPECT_EQ(find_feed_format("xml"), nullptr);
}

TEST(FeedViews, AllButTheSchemaAreNoneWhereNothingIsListed) {
  const std::vector<PromisedSet> sets = {sample::set_of("proxy", {})};
  for (const FeedFormat& format : feed_formats())
    EXPECT_EQ(format.render(view(sets)).has_value(), format.name == "schema");
}

// A firewall that read "nothing" would close. What is over is still in the native document, the calendar and Atom.
TEST(FeedViews, ThoseForFirewallsAreNoneWhereNothingIsToBeAllowed) {
  const std::vector<PromisedSet> sets = {sample::set_of(
      "proxy", {sample::retiring(promise("proxy-0001", "192.0.2.1/32", "2026-01-01", "2026-02-01"), "2026-06-01")})};
  for (const char* name : {"allow", "current", "next", "aws", "checkpoint", "nftables", "ipset", "geofeed"})
    EXPECT_EQ(find_feed_format(name)->render(view(sets)), std::nullopt) << name;
  for (const char* name : {"json", "schedule", "atom", "removable"})
    EXPECT_TRUE(find_feed_format(name)->render(view(sets))) << name;
}

TEST(FeedViews, NoneNeedsToKnowWhereItIsServed) {
  const std::vector<PromisedSet> sets = rich_sets();
  FeedView nowhere = view(sets);
  nowhere.public_url = {};
  for (const FeedFormat& format : feed_formats()) {
    EXPECT_THAT(format.render(nowhere).value_or(""), Not(HasSubstr("feed.example.com"))) << format.name;
  }
}

// RFC 9562: the UUID of this name in the namespace of URLs, as Python's uuid5 makes it.
TEST(FeedText, UuidOfAName) { EXPECT_EQ(name_uuid("https://example.com/"), "dd2c1780-811a-5296-81c5-178a0ef488bc"); }

TEST(FeedText, NamesForFiltersBeginWithALetterAndStayDifferent) {
  EXPECT_EQ(filter_name("proxy"), "proxy");
  EXPECT_EQ(filter_name("2nd"), "_2nd");
  EXPECT_EQ(filter_name("-x"), "_-x");
  EXPECT_EQ(filter_name("_2nd"), "__2nd");
}

TEST(Ipset, NamesFitIntoTheKernel) {
  EXPECT_EQ(ipset_name("proxy", Family::ipv4), "proxy-v4");
  const std::string longest(63, 'a'), other = std::string(62, 'a') + "b";
  EXPECT_EQ((ipset_name(longest, Family::ipv6) + ".new").size(), 31u);
  EXPECT_NE(ipset_name(longest, Family::ipv6), ipset_name(other, Family::ipv6));
}

TEST(ScheduleIcs, LinesAreShortAndCharactersWhole) {
  const std::string text = *find_feed_format("schedule")->render(view(rich_sets()));
  EXPECT_THAT(text, HasSubstr("\r\n "));
  size_t begin = 0;
  while (begin < text.size()) {
    const size_t end = text.find("\r\n", begin);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - begin, 75u);
    EXPECT_NE(static_cast<unsigned char>(text[begin + 1]) & 0xc0, 0x80) << "a line begins inside a character";
    begin = end + 2;
  }
}

TEST(ScheduleIcs, AnEventKeepsItsUidWhenItIsMovedOrCalledOff) {
  const auto uid_and_sequence = [](Promise p) {
    const std::vector<PromisedSet> sets = {sample::set_of("proxy", {std::move(p)})};
    const std::string text = *find_feed_format("schedule")->render(view(sets));
    const size_t begin = text.find("UID:");
    const size_t sequence = text.find("SEQUENCE:");
    return std::pair(text.substr(begin, text.find('\r', begin) - begin), text.substr(sequence, 10));
  };
  const Promise first = promise("proxy-0001", "192.0.2.1/32", "2026-11-01T09:00:00Z", "2026-12-01");
  Promise moved = first;
  moved.enabled_at = sample::at("2026-12-05T12:00:00Z");
  moved.changes.push_back({"rescheduled", sample::at("2026-11-02T09:00:00Z"), moved.enabled_at});
  EXPECT_EQ(uid_and_sequence(first).first, uid_and_sequence(moved).first);
  EXPECT_EQ(uid_and_sequence(first).second, "SEQUENCE:0");
  EXPECT_EQ(uid_and_sequence(moved).second, "SEQUENCE:1");
  const auto off = uid_and_sequence(sample::cancelled(moved, "2026-11-20T09:00:00Z"));
  EXPECT_EQ(off, std::pair(uid_and_sequence(first).first, std::string("SEQUENCE:2")));
}

TEST(Moments, WhatWasWithdrawnIsOff) {
  const std::vector<PromisedSet> sets = rich_sets();
  std::map<std::string, std::string> seen;
  for (const Moment& moment : moments(sets, sample::now)) {
    std::string& of_entry = seen[moment.row.promise->id];
    of_entry +=
        std::string(of_entry.empty() ? "" : " ") + (moment.is_off ? "no-" : "") + std::string(to_text(moment.kind));
  }
  EXPECT_EQ(seen["proxy-0009"], "no-enabled");
  EXPECT_EQ(seen["proxy-0010"], "enabled revoked no-last-answer no-retired");
  EXPECT_EQ(seen["proxy-0006"], "enabled last-answer retired");
  EXPECT_EQ(seen.count("proxy-0001"), 0u);  // genesis
}

std::vector<LedgerRecord> two_announcements() {
  History history;
  std::vector<LedgerRecord> records;
  const auto record = [&](PinEdit edit, std::string_view at) {
    records.push_back(record_of(history, std::move(edit), sample::at(at), "test"));
    ASSERT_TRUE(apply(history, records.back()));
  };
  PinEdit begin, policy, first, second;
  begin.kind = EditKind::begin;
  begin.serial = 40;
  policy.kind = EditKind::policy;
  policy.set = first.set = second.set = "proxy";
  first.cidr = sample::prefix("192.0.2.1/32");
  second.cidr = sample::prefix("192.0.2.2/32");
  first.enabled = sample::moment("2026-03-01");
  second.enabled = sample::moment("2026-04-01");
  first.ttl = second.ttl = 300;
  record(begin, "2026-01-01T00:00:00Z");
  record(policy, "2026-01-01T00:00:00Z");
  record(first, "2026-01-02T09:00:00Z");
  record(second, "2026-02-01T09:00:00Z");
  return records;
}

TEST(ChangesJson, GoldenBytes) {
  const Result<Chronicle> chronicle = Chronicle::of(two_announcements(), sample::at("2026-03-15T00:00:00Z"));
  ASSERT_TRUE(chronicle);
  sample::expect_golden("changes.json", *render_changes(*chronicle, 41));
}

TEST(ChangesJson, SaysWhenItDoesNotKnowAllAndNothingOfTheFuture) {
  const Result<Chronicle> chronicle = Chronicle::of(two_announcements(), sample::at("2026-03-15T00:00:00Z"));
  ASSERT_TRUE(chronicle);
  EXPECT_EQ(Json::parse(*render_changes(*chronicle, 39))["complete"], false);
  EXPECT_EQ(Json::parse(*render_changes(*chronicle, 40))["complete"], true);
  const Json last = Json::parse(*render_changes(*chronicle, 43));
  EXPECT_EQ(last["serial"], 43);
  EXPECT_EQ(last["changes"], Json::array());
  EXPECT_EQ(render_changes(*chronicle, 44), std::nullopt);
  EXPECT_EQ(render_changes(Chronicle(), 0), std::nullopt);
}

}  // namespace
}  // namespace dnsd
