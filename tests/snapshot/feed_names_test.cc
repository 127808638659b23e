#include "dnsd/snapshot/feed_names.h"

#include <gtest/gtest.h>

#include "dnsd/snapshot/compile.h"
#include "dnsd/snapshot/stored_record.h"

namespace dnsd {
namespace {

NameRule rule(const char* owner) {
  NameRule r;
  r.owner = *Name::parse(owner);
  r.pinned = {{"proxy", {}}};
  return r;
}

// The character-strings of a TXT record.
std::vector<std::string> texts(Bytes record) {
  std::vector<std::string> all;
  for (size_t at = stored_record::rdata_at; at < record.size(); at += 1 + record[at])
    all.emplace_back(reinterpret_cast<const char*>(&record[at + 1]), record[at]);
  return all;
}

std::vector<std::string> said(const Whoami& whoami, const char* network) {
  std::array<uint8_t, Whoami::most_octets> out;
  const IpPrefix prefix = *IpPrefix::parse(network);
  const size_t size = whoami.write(prefix.address(), prefix.length(), out);
  EXPECT_EQ(size, stored_record::size(out.data()));
  return texts(Bytes(out).first(size));
}

TEST(FeedNames, AreBelowANameWithASet) {
  const auto names = feed_names(rule("proxy.example.org."));
  ASSERT_TRUE(names);
  EXPECT_EQ(to_text(names->feed), "_ip-ranges.proxy.example.org.");
  EXPECT_EQ(to_text(names->next), "next.proxy.example.org.");
  EXPECT_EQ(to_text(names->whoami), "whoami.proxy.example.org.");
}

TEST(FeedNames, AreNotWhereThereIsNoSetOrNobodyWantsThemOrTheyCannotBe) {
  NameRule none = rule("a.example.org.");
  none.pinned.clear();
  EXPECT_FALSE(feed_names(none));
  NameRule unwanted = rule("a.example.org.");
  unwanted.feed_names = false;
  EXPECT_FALSE(feed_names(unwanted));
  EXPECT_FALSE(feed_names(rule("*.example.org.")));
  const std::string label(62, 'a');
  EXPECT_FALSE(feed_names(rule((label + "." + label + "." + label + "." + label + ".").c_str())));
}

TEST(FeedNames, RecordBearsSerialDigestAndAddress) {
  EXPECT_EQ(texts(feed_record({42, "ab"}, "https://feed.example.com")),
            (std::vector<std::string>{"serial=42", "sha256=ab", "url=https://feed.example.com/ip-ranges.json"}));
  EXPECT_EQ(texts(feed_record({42, "ab"}, "")), (std::vector<std::string>{"serial=42", "sha256=ab"}));
}

TEST(FeedNames, NextIsWhatComesAfterEachChange) {
  PinnedAnswers answers;
  for (int i = 1; i <= 3; ++i) {
    PinnedAnswers::Period& period = answers.periods.emplace_back();
    period.until = Instant{100 * i};
    period.records[0].count = static_cast<uint32_t>(i);
  }
  const PinnedAnswers next = next_answers(answers);
  EXPECT_EQ(next.at({50}).records[0].count, 2u);
  EXPECT_EQ(next.at({150}).records[0].count, 3u);
  EXPECT_EQ(next.at({250}).records[0].count, 3u);
}

TEST(Whoami, SaysSetAndLongestPrefix) {
  const Whoami whoami({"inner", "outer"}, {{*IpPrefix::parse("198.18.5.0/24"), 0}, {*IpPrefix::parse("198.18.0.0/15"), 1},
                                           {*IpPrefix::parse("2001:db8:10::/48"), 0}},
                      false, "pool=street");
  EXPECT_EQ(said(whoami, "198.18.5.7/32"), (std::vector<std::string>{"set=inner", "prefix=198.18.5.0/24"}));
  EXPECT_EQ(said(whoami, "198.18.5.0/24"), (std::vector<std::string>{"set=inner", "prefix=198.18.5.0/24"}));
  EXPECT_EQ(said(whoami, "198.18.4.0/23"), (std::vector<std::string>{"set=outer", "prefix=198.18.0.0/15"}));
  EXPECT_EQ(said(whoami, "2001:db8:10:ff00::/56"), (std::vector<std::string>{"set=inner", "prefix=2001:db8:10::/48"}));
  EXPECT_EQ(said(whoami, "203.0.113.1/32"), std::vector<std::string>{"pool=street"});
  EXPECT_EQ(said(whoami, "0.0.0.0/0"), std::vector<std::string>{"pool=street"});
}

TEST(Whoami, WithoutAPoolEverybodyGetsTheSet) {
  EXPECT_EQ(said(Whoami({"proxy"}, {}, true, ""), "203.0.113.1/32"), std::vector<std::string>{"set=proxy"});
}

}  // namespace
}  // namespace dnsd
