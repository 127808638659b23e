#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <random>

#include "feed_sample.h"
#include "pinned_ips/feed/address_list.h"
#include "pinned_ips/feed/prefix_sets.h"

namespace dnsd {
namespace {

using sample::now;
using sample::prefix;
using sample::promise;
using sample::rich_sets;
using sample::view;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> texts(const std::vector<IpPrefix>& prefixes) {
  std::vector<std::string> texts;
  for (const IpPrefix& p : prefixes) texts.push_back(to_text(p));
  return texts;
}

TEST(PrefixSets, OutermostDropsWhatIsTwiceOrInsideAndJoinsNothing) {
  EXPECT_THAT(texts(outermost({prefix("192.0.2.128/25"), prefix("192.0.2.9/32"), prefix("192.0.2.0/25"),
                               prefix("2001:db8::/32"), prefix("192.0.2.9/32"), prefix("2001:db8:1::/48"),
                               prefix("9.0.0.0/8")})),
              ElementsAre("9.0.0.0/8", "192.0.2.0/25", "192.0.2.128/25", "2001:db8::/32"));
}

TEST(PrefixSets, WithoutCutsHolesAndKeepsTheRestCanonical) {
  EXPECT_THAT(texts(without({prefix("192.0.2.8/29")}, {prefix("192.0.2.10/32")})),
              ElementsAre("192.0.2.8/31", "192.0.2.11/32", "192.0.2.12/30"));
  EXPECT_THAT(without({prefix("192.0.2.8/29")}, {prefix("192.0.2.0/24")}), IsEmpty());
  EXPECT_THAT(texts(without({prefix("2001:db8::/126")}, {prefix("2001:db8::3/128"), prefix("0.0.0.0/0")})),
              ElementsAre("2001:db8::/127", "2001:db8::2/128"));
}

// Asked of every address: `without` against the plain meaning of the words.
TEST(PrefixSets, WithoutAgreesWithEveryAddress) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    const auto some = [&random] {
      std::vector<IpPrefix> list;
      for (uint32_t i = static_cast<uint32_t>(random() % 5); i-- > 0;)
        list.emplace_back(IpAddress::v4({192, 0, 2, static_cast<uint8_t>(random() % 256)}),
                          24 + static_cast<unsigned>(random() % 9));
      return outermost(list);
    };
    const std::vector<IpPrefix> space = some(), taken = some(), rest = without(space, taken);
    const auto in = [](const std::vector<IpPrefix>& list, const IpAddress& a) {
      return std::ranges::count_if(list, [&a](const IpPrefix& p) { return p.contains(a); });
    };
    EXPECT_TRUE(std::ranges::is_sorted(rest));
    for (int low = 0; low < 256; ++low) {
      const IpAddress a = IpAddress::v4({192, 0, 2, static_cast<uint8_t>(low)});
      ASSERT_EQ(in(rest, a), in(space, a) && !in(taken, a) ? 1 : 0) << to_text(a) << " in round " << round;
    }
  }
}

TEST(AddressList, AllowHasWhatIsComingAndWhatIsGoing) {
  EXPECT_THAT(
      texts(allowed_space(rich_sets(), now)),
      ElementsAre("192.0.2.8/29", "192.0.2.77/32", "192.0.2.100/32", "198.51.100.25/32", "198.51.100.65/32",
                  "203.0.113.7/32", "203.0.113.20/32", "2001:db8:5::/48", "2001:db8:77::/64", "2001:db8:99::1/128"));
}

TEST(AddressList, CurrentHasWhatMayBeAnswered) {
  EXPECT_THAT(texts(answerable_space(rich_sets(), now)),
              ElementsAre("192.0.2.8/29", "192.0.2.77/32", "198.51.100.25/32", "198.51.100.65/32", "203.0.113.20/32",
                          "2001:db8:5::/48", "2001:db8:77::/64", "2001:db8:99::1/128"));
}

TEST(AddressList, NextIsAfterTheNextChangeOfAnswersAndNotOfTheFeed) {
  // What drains is retired first, at 2026-11-23T12:00:00Z; the next of the answers is that of mail.out a day later.
  const std::vector<std::string> next = texts(next_answerable_space(rich_sets(), now));
  EXPECT_THAT(next, testing::Not(testing::Contains("198.51.100.25/32")));
  EXPECT_EQ(next, texts(answerable_space(rich_sets(), sample::at("2026-11-24T09:55:00Z"))));
  const std::vector<PromisedSet> quiet = {
      sample::set_of("proxy", {promise("proxy-0001", "192.0.2.77/32", "2025-12-01", "2026-01-01")})};
  EXPECT_EQ(next_answerable_space(quiet, now), answerable_space(quiet, now));
}

TEST(AddressList, RemovableAndAllowedAreApart) {
  EXPECT_THAT(texts(removable_space(rich_sets(), now)),
              ElementsAre("192.0.2.101/32", "192.0.2.102/32", "198.51.100.9/32", "198.51.100.10/32",
                          "198.51.100.64/32", "198.51.100.66/31"));
}

TEST(AddressList, FamiliesAddUpToTheWhole) {
  const std::vector<PromisedSet> sets = rich_sets();
  for (const ListKind kind : {ListKind::allow, ListKind::current, ListKind::next, ListKind::removable}) {
    const std::string both = address_list(view(sets), kind, Family::ipv4).value_or("") +
                             address_list(view(sets), kind, Family::ipv6).value_or("");
    EXPECT_EQ(address_list(view(sets), kind), both);
  }
}

TEST(AddressList, AnEmptyOneIsNone) {
  const std::vector<PromisedSet> sets = {
      sample::set_of("proxy", {promise("proxy-0001", "192.0.2.77/32", "2025-12-01", "2026-01-01")})};
  EXPECT_EQ(address_list(view(sets), ListKind::allow, Family::ipv6), std::nullopt);
  EXPECT_EQ(address_list(view(sets), ListKind::removable), std::nullopt);
  EXPECT_EQ(address_list(view(sets), ListKind::allow, Family::ipv4), "192.0.2.77/32\n");
}

TEST(AllowedRows, AreTheOutermostOfEachSet) {
  const std::vector<PromisedSet> sets = rich_sets();
  std::vector<std::string> ids;
  for (const FeedRow& row : allowed_rows({&sets[2], 1}, now)) ids.push_back(row.promise->id);
  EXPECT_THAT(ids, ElementsAre("proxy-0005", "proxy-0001", "proxy-0006", "proxy-0015", "proxy-0003", "proxy-0004",
                               "proxy-0002", "proxy-0011"));
}

}  // namespace
}  // namespace dnsd
