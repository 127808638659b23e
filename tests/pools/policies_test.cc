#include "dnsd/pools/policies.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "test_ring.h"

namespace dnsd {
namespace {

using testing::ring_of;

// A ring under a policy, and one worker that asks it.
struct Asked {
  PolicyId policy;
  AnswerList list;
  RotationState state;
  ClientNetwork network;

  Asked(std::string_view name, std::vector<RingMember> ring, unsigned cap, uint64_t seed = 1)
      : policy(*find_policy(name)), list(answer_list(policy, ring, cap)), state(seed) {
    state.fit(1);
  }
  std::vector<uint16_t> ask(const char* client = "192.0.2.1") { return ask(*IpAddress::parse(client)); }
  std::vector<uint16_t> ask(const IpAddress& client) {
    const Window window = window_start(policy, {list, client, network}, state.cursors[0], state.random);
    EXPECT_LT(window.row, list.rows);
    EXPECT_LT(window.first, list.take);
    std::vector<uint16_t> picks;
    for (uint32_t i = 0; i < list.take; ++i) picks.push_back(list.row(window.row)[(window.first + i) % list.take]);
    return picks;
  }
};

std::map<uint16_t, int> shares(Asked& asked, int answers) {
  std::map<uint16_t, int> count;
  for (int i = 0; i < answers; ++i)
    for (const uint16_t pick : asked.ask()) ++count[pick];
  return count;
}

TEST(Policies, TableKnowsItsRows) {
  EXPECT_EQ(policy_names(), (std::vector<std::string_view>{"window", "random", "sticky"}));
  EXPECT_EQ(find_policy("window"), PolicyId{0});
  EXPECT_EQ(find_policy("Window"), std::nullopt);
  EXPECT_FALSE(knows_clients(*find_policy("window")));
  EXPECT_FALSE(knows_clients(*find_policy("random")));
  EXPECT_TRUE(knows_clients(*find_policy("sticky")));
}

TEST(WindowPolicy, SharesAreExactOverEveryTurn) {
  Asked asked("window", ring_of(7), 3);
  for (int turn = 0; turn < 20; ++turn)
    for (const auto& [member, times] : shares(asked, 7)) EXPECT_EQ(times, 3) << member;
}

TEST(WindowPolicy, EveryMemberComesFirstAsOften) {
  Asked asked("window", ring_of(40), 8);
  std::map<uint16_t, int> first;
  for (int i = 0; i < 5 * 8 * 10; ++i) ++first[asked.ask()[0]];
  ASSERT_EQ(first.size(), 40u);
  for (const auto& [member, times] : first) EXPECT_EQ(times, 10) << member;
}

// As many resolvers as there are answers, asking in turns: each must see the whole pool all the same.
TEST(WindowPolicy, DoesNotBeatInStepWithResolvers) {
  Asked asked("window", ring_of(40), 8);
  std::array<std::map<uint16_t, int>, 5> of_resolver;
  for (size_t i = 0; i < 5 * 1000; ++i)
    for (const uint16_t pick : asked.ask()) ++of_resolver[i % 5][pick];
  for (const auto& seen : of_resolver) {
    ASSERT_EQ(seen.size(), 40u);
    for (const auto& [member, times] : seen) EXPECT_NEAR(times, 200, 70) << member;
  }
}

TEST(WindowPolicy, WorkersBeginApart) {
  std::set<std::vector<uint16_t>> firsts;
  for (uint64_t seed = 1; seed <= 4; ++seed) firsts.insert(Asked("window", ring_of(1000), 8, seed).ask());
  EXPECT_EQ(firsts.size(), 4u);
}

TEST(WindowPolicy, RingThatShrinksOrGrowsGoesOn) {
  Asked asked("window", ring_of(400), 8);
  for (int i = 0; i < 45; ++i) asked.ask();
  for (const size_t n : {40u, 3u, 1000u, 9u, 1u}) {
    asked.list = answer_list(asked.policy, ring_of(n), 8);
    shares(asked, static_cast<int>(asked.list.rows));  // to the end of the turn that was begun
    int least = INT32_MAX, most = 0;
    for (const auto& [member, times] : shares(asked, static_cast<int>(asked.list.rows * 50))) {
      least = std::min(least, times);
      most = std::max(most, times);
    }
    // A turn that began in the ring before makes a difference of one answer at most.
    EXPECT_LE(most - least, 2) << n;
  }
}

TEST(RandomPolicy, EveryMemberIsAsLikely) {
  Asked asked("random", ring_of(40), 8, 42);
  const auto count = shares(asked, 40000);
  ASSERT_EQ(count.size(), 40u);
  for (const auto& [member, times] : count) EXPECT_NEAR(times, 8000, 400) << member;
}

TEST(RandomPolicy, SameSeedSameAnswers) {
  const auto answers = [](uint64_t seed) {
    Asked asked("random", ring_of(1000), 8, seed);
    std::vector<std::vector<uint16_t>> all;
    for (int i = 0; i < 20; ++i) all.push_back(asked.ask());
    return all;
  };
  EXPECT_EQ(answers(7), answers(7));
  EXPECT_NE(answers(7), answers(8));
}

TEST(RotationState, FitKeepsOldCursors) {
  RotationState state(1);
  state.fit(1);
  state.cursors[0] = {5, 3, 1};
  state.fit(4);
  ASSERT_EQ(state.cursors.size(), 4u);
  EXPECT_EQ(state.cursors[0].row, 5u);
  EXPECT_EQ(state.cursors[3].left, 0u);
  state.fit(2);
  EXPECT_EQ(state.cursors.size(), 4u);
}

}  // namespace
}  // namespace dnsd
