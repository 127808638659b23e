#include "dnsd/pools/shares.h"

#include <gtest/gtest.h>

#include <numeric>

#include "dnsd/pools/rotation.h"
namespace dnsd {
namespace {

using Weights = std::vector<uint32_t>;
using Counts = std::vector<uint32_t>;

TEST(Shares, EqualWeights) {
  const Shares forty = shares_of(Weights(40, 1), 8);
  EXPECT_EQ(forty.answers, 5u);
  EXPECT_EQ(forty.counts, Counts(40, 1));
  const Shares seven = shares_of(Weights(7, 1), 3);
  EXPECT_EQ(seven.answers, 7u);
  EXPECT_EQ(seven.counts, Counts(7, 3));
  EXPECT_EQ(shares_of(Weights(40, 250), 8).answers, 5u) << "weights with a common factor make no longer turn";
}

TEST(Shares, WeightsAreExact) {
  const Shares shares = shares_of(Weights{3, 1, 1, 1}, 2);
  EXPECT_EQ(shares.answers, 3u);
  EXPECT_EQ(shares.counts, (Counts{3, 1, 1, 1}));
  EXPECT_FALSE(shares.limited[0]) << "3 of 6 is one place in each answer";
  const Shares more = shares_of(Weights{1, 2, 3, 4, 5}, 2);
  EXPECT_EQ(more.answers, 15u);
  EXPECT_EQ(more.counts, (Counts{2, 4, 6, 8, 10}));
}

TEST(Shares, TooMuchWeightStandsInEveryAnswer) {
  const Shares shares = shares_of(Weights{9, 1, 1, 1}, 2);
  EXPECT_EQ(shares.answers, 3u);
  EXPECT_EQ(shares.counts, (Counts{3, 1, 1, 1}));
  EXPECT_TRUE(shares.limited[0]);
  EXPECT_FALSE(shares.limited[1]);
  // What is left of the places makes the second one too heavy as well.
  const Shares two = shares_of(Weights{100, 10, 1, 1, 1}, 3);
  EXPECT_TRUE(two.limited[0] && two.limited[1]);
  EXPECT_EQ(two.counts, (Counts{3, 3, 1, 1, 1}));
}

TEST(Shares, AllOfThemInEachAnswer) {
  const Shares shares = shares_of(Weights{5, 1, 2}, 8);
  EXPECT_EQ(shares.answers, 1u);
  EXPECT_EQ(shares.take, 3u);
  EXPECT_EQ(shares.counts, Counts(3, 1));
  EXPECT_EQ(shares_of(Weights{}, 8).answers, 0u);
  EXPECT_EQ(shares_of(Weights{7}, 1).counts, Counts{1});
}

TEST(Shares, MorePlacesThanThereMayBe) {
  Weights weights(9999, 1000);
  for (size_t i = 0; i < weights.size(); ++i) weights[i] -= static_cast<uint32_t>(i % 997);
  const Shares shares = shares_of(weights, 20);
  EXPECT_FALSE(shares.exact);
  EXPECT_LE(shares.answers * shares.take, max_places);
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (size_t i = 0; i < weights.size(); ++i) {
    const double ideal = std::max(1.0, 20.0 * weights[i] / total * shares.answers);
    ASSERT_NEAR(shares.counts[i], ideal, 1.0) << i;
  }
}

// What holds for all weights, however many: the whole number of places, one a member and answer at most, and shares in
// proportion among those that are not limited.
TEST(Shares, Random) {
  Random random(3);
  for (int round = 0; round < 3000; ++round) {
    Weights weights(1 + random.below(60));
    for (uint32_t& w : weights) w = 1 + random.below(round % 3 == 0 ? 1000 : 5);
    const unsigned cap = 1 + random.below(20);
    const Shares shares = shares_of(weights, cap);
    ASSERT_EQ(shares.take, std::min<size_t>(cap, weights.size()));
    const auto places = std::accumulate(shares.counts.begin(), shares.counts.end(), uint64_t{0});
    ASSERT_EQ(places, uint64_t{shares.answers} * shares.take);
    if (!shares.exact) continue;
    const double all = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (size_t i = 0; i < weights.size(); ++i) {
      ASSERT_LE(shares.counts[i], shares.answers);
      const bool everywhere = shares.counts[i] == shares.answers;
      ASSERT_TRUE(everywhere || !shares.limited[i]);
      ASSERT_TRUE(everywhere || weights[i] * shares.take < all);
      for (size_t j = 0; j < i; ++j) {
        if (everywhere || shares.counts[j] == shares.answers) continue;
        ASSERT_EQ(uint64_t{shares.counts[i]} * weights[j], uint64_t{shares.counts[j]} * weights[i]);
      }
    }
  }
}

TEST(CountsOver, KeepsSumAndBounds) {
  const Shares shares = shares_of(Weights{9, 3, 2, 1, 1}, 2);
  const Counts counts = counts_over(shares, 1000);
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), 0u), 2000u);
  EXPECT_EQ(counts[0], 1000u);
  EXPECT_NEAR(counts[1], 1000 * 3.0 / 7, 1);
  EXPECT_NEAR(counts[4], 1000 * 1.0 / 7, 1);
}

}  // namespace
}  // namespace dnsd
