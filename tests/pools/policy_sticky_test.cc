#include "dnsd/pools/policy_sticky.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "dnsd/pools/shares.h"
#include "test_ring.h"

namespace dnsd {
namespace {

using testing::ring_of;

constexpr uint32_t buckets = StickyPolicy::buckets;
const ClientNetwork network;

std::set<uint16_t> row_at(const AnswerList& list, uint32_t bucket) {
  const uint16_t* row = list.row(list.buckets[bucket]);
  return {row, row + list.take};
}

std::set<IpAddress> addresses_at(const AnswerList& list, const std::vector<RingMember>& ring, uint32_t bucket) {
  std::set<IpAddress> addresses;
  for (const uint16_t pick : row_at(list, bucket)) addresses.insert(ring[pick].address);
  return addresses;
}

void check_shares(const std::vector<RingMember>& ring, unsigned cap, double most_off) {
  const AnswerList list = StickyPolicy::rows(ring, cap);
  ASSERT_EQ(list.buckets.size(), buckets);
  std::vector<uint32_t> weights, counts(ring.size());
  for (const RingMember& m : ring) weights.push_back(m.weight);
  const Shares shares = shares_of(weights, cap);
  for (uint32_t b = 0; b < buckets; ++b) {
    const auto row = row_at(list, b);
    ASSERT_EQ(row.size(), shares.take) << "no member twice";
    for (const uint16_t pick : row) ++counts[pick];
  }
  for (size_t i = 0; i < ring.size(); ++i) {
    const double ideal = shares.share(i) * buckets * shares.take;
    EXPECT_NEAR(counts[i], ideal, std::max(1.5, ideal * most_off)) << i;
  }
}

TEST(StickyPolicy, SharesAreClose) {
  check_shares(ring_of(40), 8, 0.02);
  check_shares(ring_of(7), 3, 0.02);
  check_shares(ring_of(1000), 8, 0.16);  // each is in 131 of the buckets
  check_shares(ring_of(1), 8, 0);
  check_shares(ring_of(5), 8, 0);
}

TEST(StickyPolicy, WeightsAndSites) {
  auto ring = ring_of(40, 3);
  for (size_t i = 0; i < ring.size(); ++i) ring[i].weight = static_cast<uint32_t>(1 + i % 5);
  check_shares(ring, 8, 0.03);
  auto few = ring_of(4, 2);  // one site has 1.2 places of the two, the other 0.8
  few[0].weight = 2;
  check_shares(few, 2, 0.01);
  auto uneven = ring_of(12);
  for (size_t i = 0; i < uneven.size(); ++i) {
    uneven[i].site = i < 9 ? 1 : 2;
    uneven[i].weight = i == 0 || i == 10 ? 3 : 1;
  }
  check_shares(uneven, 4, 0.03);
  const AnswerList list = StickyPolicy::rows(ring_of(40, 4), 8);
  uint32_t crowded = 0;
  for (uint32_t b = 0; b < buckets; ++b) {
    std::map<int, int> sites;
    for (const uint16_t pick : row_at(list, b)) ++sites[pick % 4];
    for (const auto& [site, n] : sites) crowded += n > 2;
  }
  EXPECT_LE(crowded, buckets / 500) << "8 of 4 sites are 2 each";
}

TEST(StickyPolicy, TheOrderInTheFileDoesNotMatter) {
  auto ring = ring_of(40, 3);
  const AnswerList list = StickyPolicy::rows(ring, 8);
  auto shuffled = ring;
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(1));
  const AnswerList other = StickyPolicy::rows(shuffled, 8);
  for (uint32_t b = 0; b < buckets; ++b)
    ASSERT_EQ(addresses_at(list, ring, b), addresses_at(other, shuffled, b)) << b;
}

// About cap/n of the clients see a change where one of n members leaves, and hardly any of them more than that one.
TEST(StickyPolicy, OneThatLeavesTakesFewClientsAlong) {
  struct Case {
    size_t n;
    unsigned cap;
    uint16_t sites;
  };
  for (const auto [n, cap, sites] : {Case{40, 8, 0}, {40, 8, 4}, {100, 8, 0}, {1000, 8, 5}, {10, 3, 0}}) {
    auto ring = ring_of(n, sites);
    const AnswerList before = StickyPolicy::rows(ring, cap);
    const auto old_ring = ring;
    ring.erase(ring.begin() + 3);
    const AnswerList after = StickyPolicy::rows(ring, cap);
    uint32_t changed = 0, replaced = 0;
    for (uint32_t b = 0; b < buckets; ++b) {
      const auto was = addresses_at(before, old_ring, b), is = addresses_at(after, ring, b);
      changed += was != is;
      for (const IpAddress& address : was) replaced += !is.contains(address);
    }
    const double share = static_cast<double>(changed) / buckets, least = static_cast<double>(cap) / static_cast<double>(n);
    EXPECT_NEAR(share, least, least * 0.1) << n << " members, " << cap << " in an answer, " << sites << " sites";
    EXPECT_LE(replaced, buckets * least * 1.1);
  }
}

TEST(StickyPolicy, OneClientOneSubsetAndEachMemberComesFirst) {
  const auto ring = ring_of(40);
  const AnswerList list = StickyPolicy::rows(ring, 8);
  RotationState state(1);
  state.fit(1);
  std::set<uint32_t> rows, firsts;
  for (int i = 0; i < 8; ++i) {
    const IpAddress client = *IpAddress::parse("198.51.100." + std::to_string(i * 20));
    const Window window = StickyPolicy::start({list, client, network}, state.cursors[0], state.random);
    rows.insert(window.row);
    firsts.insert(window.first);
  }
  EXPECT_EQ(rows.size(), 1u);
  EXPECT_EQ(firsts.size(), 8u);
}

// By the definition: the shortest prefix around the client of which all networks have its row.
TEST(StickyPolicy, ScopeAgreesWithBruteForce) {
  std::mt19937 random(2);
  const ClientNetwork narrow{10, 12};  // few networks, so that all of them can be asked
  for (const size_t n : {1u, 2u, 9u, 40u}) {
    const AnswerList list = StickyPolicy::rows(ring_of(n), n == 2 ? 1 : 8);
    for (int round = 0; round < 300; ++round) {
      const IpAddress client = IpAddress::v4({static_cast<uint8_t>(random()), static_cast<uint8_t>(random()), 3, 4});
      const uint32_t row = StickyPolicy::row_of(list, network_key(client, 10), Family::ipv4);
      unsigned best = 10;
      for (unsigned length = 0; length <= 10; ++length) {
        bool same = true;
        for (uint32_t i = 0; i < 1u << (10 - length) && same; ++i) {
          NetworkKey key = network_key(client, length);
          key.high |= uint64_t{i} << 54;
          same = StickyPolicy::row_of(list, key, Family::ipv4) == row;
        }
        if (!same) continue;
        best = length;
        break;
      }
      ASSERT_EQ(StickyPolicy::scope(list, client, narrow), best) << n << " " << to_text(client);
    }
  }
}

}  // namespace
}  // namespace dnsd
