#include "dnsd/transport/reply_runs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <utility>
#include <vector>

namespace dnsd {
namespace {

// Peers are numbers and their own hashes, but for the thousands.
struct Batch {
  PeersSeen& seen;
  std::vector<uint64_t> peers;
  void add(uint64_t peer) {
    peers.push_back(peer);
    const bool hash_repeats = seen.add(peer % 1000, static_cast<uint8_t>(peers.size() - 1));
    if (hash_repeats && peers[seen.before()] == peer) seen.found();
  }
};

TEST(PeersSeen, OnlyThoseOfThisBatch) {
  PeersSeen seen;
  for (uint64_t round = 0; round < 1000; ++round) {
    seen.clear();
    Batch batch{seen, {}};
    for (uint64_t peer = 0; peer < 8; ++peer) batch.add(peer * 7 + round % 3);
    ASSERT_FALSE(seen.repeated()) << round;
    batch.add(round % 3);
    ASSERT_TRUE(seen.repeated()) << round;
  }
}

TEST(PeersSeen, OneHashIsNotOnePeer) {
  PeersSeen seen;
  seen.clear();
  Batch batch{seen, {}};
  batch.add(5);
  batch.add(1005);
  EXPECT_FALSE(seen.repeated());
  batch.add(1005);
  EXPECT_TRUE(seen.repeated());
}

// Stamps come round after 16 million batches: one of then must not look like one of now.
TEST(PeersSeen, AStampOfLongAgoIsNotTakenForNew) {
  for (const int batches : {0xfffffe, 0xffffff, 0x1000000}) {
    PeersSeen seen;
    seen.clear();
    Batch{seen, {}}.add(1);
    for (int i = 0; i < batches; ++i) seen.clear();
    EXPECT_FALSE(seen.add(1, 0)) << batches;
  }
}

struct Reply {
  unsigned peer;
  size_t octets;
};

// The runs of these replies, as lists of numbers of replies. Peers that are equal modulo `hashes` share a hash.
std::vector<std::vector<unsigned>> runs_of(const std::vector<Reply>& replies, unsigned hashes = 1000) {
  ReplyRuns runs;
  runs.clear();
  std::vector<unsigned> peer_of_run;
  for (const Reply& reply : replies) {
    runs.join_or_add(reply.peer % hashes, reply.octets, [&](unsigned run) { return peer_of_run[run] == reply.peer; });
    if (runs.size() > peer_of_run.size()) peer_of_run.push_back(reply.peer);
  }
  EXPECT_EQ(runs.replies(), replies.size());
  std::vector<std::vector<unsigned>> lists;
  for (unsigned i = 0; i < runs.size(); ++i) {
    std::vector<unsigned> list{runs[i].first};
    while (list.back() != runs[i].last) list.push_back(runs.next(static_cast<uint8_t>(list.back())));
    EXPECT_EQ(list.size(), runs[i].segments);
    lists.push_back(list);
  }
  return lists;
}

using Lists = std::vector<std::vector<unsigned>>;

TEST(ReplyRuns, OnePeerIsOneRunAlsoAmongOthers) {
  EXPECT_EQ(runs_of({{1, 60}, {1, 60}, {1, 60}}), (Lists{{0, 1, 2}}));
  EXPECT_EQ(runs_of({{1, 60}, {2, 60}, {1, 60}, {3, 70}, {1, 60}, {2, 60}}), (Lists{{0, 2, 4}, {1, 5}, {3}}));
}

TEST(ReplyRuns, DifferentPeersStandAlone) {
  std::vector<Reply> replies;
  for (unsigned i = 0; i < ReplyRuns::most_replies; ++i) replies.push_back({i, 60});
  EXPECT_EQ(runs_of(replies).size(), replies.size());
}

TEST(ReplyRuns, AShorterOneMayBeTheLastALongerOneBeginsAnother) {
  EXPECT_EQ(runs_of({{1, 60}, {1, 60}, {1, 50}, {1, 60}, {1, 60}}), (Lists{{0, 1, 2}, {3, 4}}));
  EXPECT_EQ(runs_of({{1, 50}, {1, 60}, {1, 50}, {1, 50}}), (Lists{{0}, {1, 2}, {3}}));
}

// Joining 2 to 0 would have it leave before 1.
TEST(ReplyRuns, AnEarlierRunOfThePeerIsNotGoneBackTo) {
  EXPECT_EQ(runs_of({{1, 60}, {1, 70}, {1, 60}, {1, 70}}), (Lists{{0}, {1, 2}, {3}}));
}

TEST(ReplyRuns, AnEmptyReplyIsNotJoined) { EXPECT_EQ(runs_of({{1, 60}, {1, 0}}), (Lists{{0}, {1}})); }

TEST(ReplyRuns, APacketHasItsLimit) {
  const std::vector<Reply> replies(ReplyRuns::most_replies, {1, 4096});
  const Lists lists = runs_of(replies);
  ASSERT_EQ(lists.size(), 3u);  // 15 * 4096 = 61,440
  EXPECT_EQ(lists[0].size(), 15u);
  EXPECT_EQ(lists[2].size(), 2u);
}

TEST(ReplyRuns, PeersOfOneHashOnlyLoseTheirJoins) {
  EXPECT_EQ(runs_of({{1, 60}, {9, 60}, {1, 60}, {1, 60}}, 8), (Lists{{0}, {1}, {2, 3}}));
}

// Whatever comes: each reply once, one peer a run, equal lengths but for the last, and the order within a peer.
TEST(ReplyRuns, OrderWithinAPeerIsKept) {
  std::mt19937 random(1);
  size_t joined = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<Reply> replies(1 + random() % ReplyRuns::most_replies);
    for (Reply& reply : replies) reply = {static_cast<unsigned>(random() % 6), 50 + random() % 3};
    std::map<unsigned, unsigned> last_of_peer;
    std::vector<uint8_t> seen(replies.size());
    for (const std::vector<unsigned>& run : runs_of(replies, 1 + static_cast<unsigned>(random() % 6))) {
      joined += run.size() - 1;
      for (size_t i = 0; i < run.size(); ++i) {
        const Reply& reply = replies[run[i]];
        ASSERT_EQ(std::exchange(seen[run[i]], uint8_t{1}), 0);
        ASSERT_EQ(reply.peer, replies[run[0]].peer);
        if (i + 1 < run.size()) {
          ASSERT_EQ(reply.octets, replies[run[0]].octets);
        }
        ASSERT_LE(reply.octets, replies[run[0]].octets);
        const auto [last, is_first] = last_of_peer.try_emplace(reply.peer, run[i]);
        ASSERT_TRUE(is_first || last->second < run[i]);
        last->second = run[i];
      }
    }
    ASSERT_EQ(std::count(seen.begin(), seen.end(), false), 0);
  }
  EXPECT_GT(joined, 10'000u);
}

}  // namespace
}  // namespace dnsd
