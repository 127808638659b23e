#include "dnsd/pools/even_rows.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "dnsd/pools/rotation.h"
#include "dnsd/pools/shares.h"
#include "test_ring.h"

namespace dnsd {
namespace {

using testing::ring_of;

std::vector<uint16_t> row(const AnswerList& list, uint32_t number) {
  return {list.row(number), list.row(number) + list.take};
}

TEST(EvenRows, NoMemberNoRow) { EXPECT_EQ(even_rows({}, 8).rows, 0u); }

TEST(EvenRows, FiveAnswersShowAllOfForty) {
  const AnswerList list = even_rows(ring_of(40), 8);
  ASSERT_EQ(list.rows, 5u);
  std::set<uint16_t> seen(list.picks.begin(), list.picks.end());
  EXPECT_EQ(seen.size(), 40u);
}

TEST(EvenRows, NeighboursShowThePoolSoon) {
  const AnswerList list = even_rows(ring_of(7), 3);
  ASSERT_EQ(list.rows, 7u);
  for (uint32_t begin = 0; begin < 7; ++begin) {
    std::set<uint16_t> seen;
    for (uint32_t i = 0; i < 3; ++i)
      for (const uint16_t pick : row(list, (begin + i) % 7)) seen.insert(pick);
    EXPECT_EQ(seen.size(), 7u) << "three answers from " << begin;
  }
}

TEST(EvenRows, FirstPlacesAreSpreadOverSites) {
  const AnswerList list = even_rows(ring_of(40, 4), 8);
  std::set<uint16_t> first_sites;
  for (uint32_t r = 0; r < list.rows; ++r) first_sites.insert(static_cast<uint16_t>(row(list, r)[0] % 4));
  EXPECT_EQ(first_sites.size(), 4u);
}

TEST(EvenRows, NeighboursInARowAreInDifferentSites) {
  const auto ring = ring_of(40, 4);
  const AnswerList list = even_rows(ring, 8);
  for (uint32_t r = 0; r < list.rows; ++r)
    for (uint32_t i = 0; i < 8; ++i)
      EXPECT_NE(ring[row(list, r)[i]].site, ring[row(list, r)[(i + 1) % 8]].site) << r;
}

// Each answer has no member twice, each site as often as its share says rounded down or up, and each member is in as
// many answers of a turn as its share says.
void check_rows(const std::vector<RingMember>& ring, unsigned cap) {
  const AnswerList list = even_rows(ring, cap);
  std::vector<uint32_t> weights;
  for (const RingMember& m : ring) weights.push_back(m.weight);
  const Shares shares = shares_of(weights, cap);
  ASSERT_EQ(list.rows, shares.answers);
  std::vector<uint32_t> counts(ring.size());
  std::map<uint16_t, double> places;
  for (size_t i = 0; i < ring.size(); ++i) places[ring[i].site] += static_cast<double>(shares.counts[i]) / shares.answers;
  for (uint32_t r = 0; r < list.rows; ++r) {
    std::map<uint16_t, int> sites;
    std::set<uint16_t> once;
    for (const uint16_t pick : row(list, r)) {
      ++counts[pick];
      ++sites[ring[pick].site];
      once.insert(pick);
    }
    ASSERT_EQ(once.size(), list.take);
    for (const auto& [site, ideal] : places) {
      ASSERT_GE(sites[site], std::floor(ideal - 1e-9)) << site;
      ASSERT_LE(sites[site], std::ceil(ideal + 1e-9)) << site;
    }
  }
  ASSERT_EQ(counts, shares.counts);
}

TEST(EvenRows, Random) {
  Random random(5);
  for (int round = 0; round < 1000; ++round) {
    auto ring = ring_of(1 + random.below(80));
    const uint32_t sites = 1 + random.below(6);
    for (RingMember& m : ring) {
      m.weight = round % 2 == 0 ? 1 : 1 + random.below(5);
      m.site = static_cast<uint16_t>(random.below(sites));
    }
    check_rows(ring, 1 + random.below(20));
  }
}

TEST(EvenRows, TenThousandMembers) {
  auto ring = ring_of(10000, 5);
  check_rows(ring, 8);
  for (size_t i = 0; i < ring.size(); ++i) ring[i].weight = static_cast<uint32_t>(1 + i % 5);
  check_rows(ring, 20);
}

}  // namespace
}  // namespace dnsd
