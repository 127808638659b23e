#include "dnsd/pools/policies.h"

#include <gtest/gtest.h>

#include <map>

namespace dnsd {
namespace {

std::vector<uint32_t> starts(std::string_view policy, WindowRequest request, int answers, RotationState& state) {
  state.fit(1);
  std::vector<uint32_t> all;
  for (int i = 0; i < answers; ++i)
    all.push_back(window_start(*find_policy(policy), request, state.cursors[0], state.random));
  return all;
}

// How often each member was handed out in `answers` answers.
std::map<uint32_t, int> shares(std::string_view policy, WindowRequest request, int answers, RotationState& state) {
  std::map<uint32_t, int> count;
  for (const uint32_t start : starts(policy, request, answers, state))
    for (uint32_t i = 0; i < request.take; ++i) ++count[(start + i) % request.ring_size];
  return count;
}

TEST(Policies, TableKnowsItsRows) {
  EXPECT_EQ(policy_names(), (std::vector<std::string_view>{"window", "random"}));
  EXPECT_EQ(find_policy("window"), PolicyId{0});
  EXPECT_EQ(find_policy("random"), PolicyId{1});
  EXPECT_EQ(find_policy("Window"), std::nullopt);
}

TEST(WindowPolicy, FiveAnswersShowAllOfForty) {
  RotationState state(0, 1, 1);
  EXPECT_EQ(starts("window", {40, 8}, 6, state), (std::vector<uint32_t>{0, 8, 16, 24, 32, 0}));
}

TEST(WindowPolicy, SharesAreExactWhereTheCapDoesNotDivide) {
  RotationState state(0, 1, 1);
  const auto count = shares("window", {7, 3}, 7, state);
  ASSERT_EQ(count.size(), 7u);
  for (const auto& [member, times] : count) EXPECT_EQ(times, 3) << member;
}

TEST(WindowPolicy, WorkersBeginApart) {
  for (const unsigned workers : {2u, 3u, 4u}) {
    for (unsigned worker = 0; worker < workers; ++worker) {
      RotationState state(worker, workers, 1);
      EXPECT_EQ(starts("window", {40, 8}, 1, state)[0], worker * 40 / workers);
    }
  }
}

TEST(WindowPolicy, RingThatShrinksOrGrowsGoesOn) {
  RotationState state(0, 1, 1);
  EXPECT_EQ(starts("window", {40, 8}, 4, state).back(), 24u);
  EXPECT_EQ(starts("window", {10, 8}, 2, state), (std::vector<uint32_t>{2, 0}));  // the cursor was at 32
  EXPECT_EQ(starts("window", {40, 8}, 1, state)[0], 8u);
}

TEST(WindowPolicy, WholeRingStandsStill) {
  RotationState state(0, 1, 1);
  EXPECT_EQ(starts("window", {3, 3}, 3, state), (std::vector<uint32_t>{0, 0, 0}));
}

TEST(RandomPolicy, EveryStartIsPossibleAndNoneBeyond) {
  RotationState state(0, 1, 42);
  const auto count = shares("random", {40, 8}, 40000, state);
  ASSERT_EQ(count.size(), 40u);
  for (const auto& [member, times] : count) EXPECT_NEAR(times, 8000, 400) << member;
}

TEST(RandomPolicy, SameSeedSameAnswers) {
  RotationState a(0, 1, 7), b(0, 1, 7), c(0, 1, 8);
  const auto from_a = starts("random", {1000, 8}, 20, a);
  EXPECT_EQ(from_a, starts("random", {1000, 8}, 20, b));
  EXPECT_NE(from_a, starts("random", {1000, 8}, 20, c));
}

TEST(RotationState, FitKeepsOldCursors) {
  RotationState state(1, 2, 1);
  state.fit(1);
  state.cursors[0] = {5, true};
  state.fit(4);
  ASSERT_EQ(state.cursors.size(), 4u);
  EXPECT_EQ(state.cursors[0].position, 5u);
  EXPECT_FALSE(state.cursors[3].started);
  state.fit(2);
  EXPECT_EQ(state.cursors.size(), 4u);
}

}  // namespace
}  // namespace dnsd
