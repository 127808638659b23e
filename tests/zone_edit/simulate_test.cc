#include "tools/zone_edit/simulate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tools/zone_edit/load_model.h"

namespace dnsd {
namespace {

PoolDefinition pool_of(const std::string& rotation, unsigned members, unsigned cap) {
  PoolDefinition pool;
  pool.name = "pool";
  pool.rotation = rotation;
  pool.cap = cap;
  for (unsigned i = 0; i < members; ++i) {
    PoolMember& member = pool.members.emplace_back();
    member.address = IpAddress::v4({198, 51, static_cast<uint8_t>(100 + i / 250), static_cast<uint8_t>(1 + i % 250)});
  }
  return pool;
}

// As many resolvers, and less of everything else than the defaults: tests must be quick.
SimulationSettings small(uint32_t resolvers, uint64_t seed = 1) {
  return {.queries = 100'000, .resolvers = resolvers, .clients = 4000, .seed = seed};
}

RingResult simulated(const PoolDefinition& pool, const SimulationSettings& settings) {
  return simulate(pool, *compile_pool(pool, 0), settings).at(0);
}

double busiest(const std::string& rotation, uint32_t resolvers) {
  double sum = 0;
  for (uint64_t seed = 1; seed <= 3; ++seed)
    sum += simulated(pool_of(rotation, 40, 8), small(resolvers, seed)).any.most;
  return sum / 3;
}

TEST(Simulate, WindowIsExactAfterOneTurnOfAllWorkers) {
  PoolDefinition weighted = pool_of("window", 40, 8);
  for (size_t i = 0; i < weighted.members.size(); ++i) weighted.members[i].weight = static_cast<uint32_t>(1 + i % 5);
  for (const PoolDefinition& pool :
       {pool_of("window", 40, 8), pool_of("window", 7, 3), pool_of("window", 1000, 8), weighted}) {
    const RingResult ring = simulated(pool, small(1));
    EXPECT_EQ(ring.deviation_one_turn, 0) << pool.members.size();
    EXPECT_EQ(ring.deviation, 0) << pool.members.size();
    EXPECT_GE(ring.answers, small(1).clients);
    for (const MemberResult& member : ring.members) {
      EXPECT_NEAR(member.handed_out, member.by_weight, 1e-12);
      EXPECT_NEAR(member.first, member.by_weight, 1e-12);
    }
  }
}

TEST(Simulate, RandomIsEvenOnAverageOnly) {
  const RingResult ring = simulated(pool_of("random", 40, 8), small(1));
  EXPECT_GT(ring.deviation_one_turn, 0.05);
  EXPECT_LT(ring.deviation, 0.3);
  EXPECT_LT(ring.deviation, ring.deviation_one_turn);
}

TEST(Simulate, SharesAddUp) {
  PoolDefinition pool = pool_of("sticky", 20, 4);
  for (size_t i = 0; i < 20; ++i) pool.members[i].site = i % 3 == 0 ? "dfw" : "ewr";
  const RingResult ring = simulated(pool, small(50));
  for (double MemberResult::*share : {&MemberResult::by_weight, &MemberResult::exact, &MemberResult::handed_out,
                                      &MemberResult::first, &MemberResult::load_any, &MemberResult::load_first}) {
    double sum = 0;
    for (const MemberResult& member : ring.members) sum += member.*share;
    EXPECT_NEAR(sum, 1, 1e-9);
  }
  ASSERT_EQ(ring.sites.size(), 2u);
  EXPECT_EQ(ring.sites[0].name, "dfw");
  EXPECT_EQ(ring.sites[0].members + ring.sites[1].members, 20u);
  EXPECT_NEAR(ring.sites[0].handed_out + ring.sites[1].handed_out, 1, 1e-9);
  EXPECT_LE(ring.sites[0].least + ring.sites[1].most, 4u + ring.sites[0].most);
}

TEST(Simulate, SitesOfAWindowAreAsEvenAsTheirShares) {
  PoolDefinition pool = pool_of("window", 40, 8);
  for (size_t i = 0; i < 40; ++i)
    pool.members[i].site = i < 14 ? "dfw" : i < 27 ? "ewr" : "sfo";  // 2.8, 2.6 and 2.6 of 8
  for (const SiteResult& site : simulated(pool, small(1)).sites) {
    EXPECT_EQ(site.least, 2u) << site.name;
    EXPECT_EQ(site.most, 3u) << site.name;
  }
}

TEST(Simulate, AWeightThatIsTooLargeIsLimited) {
  PoolDefinition pool = pool_of("window", 4, 2);
  pool.members[0].weight = 9;
  const RingResult ring = simulated(pool, small(10));
  EXPECT_TRUE(ring.members[0].limited);
  EXPECT_NEAR(ring.members[0].by_weight, 0.75, 1e-12);
  EXPECT_NEAR(ring.members[0].exact, 0.5, 1e-12);
  EXPECT_NEAR(ring.members[1].exact, 1.0 / 6, 1e-12);
  EXPECT_EQ(ring.deviation, 0);
}

TEST(Simulate, AWindowShowsAllSoonerThanChance) {
  const SeenAll window = simulated(pool_of("window", 40, 8), small(1)).seen_all;
  const SeenAll random = simulated(pool_of("random", 40, 8), small(1)).seen_all;
  EXPECT_TRUE(window.complete && random.complete);
  EXPECT_GE(window.mean, 5);
  EXPECT_LE(window.worst, 9u);  // at most four of this turn, then the next one
  EXPECT_GT(random.mean, window.mean);
  EXPECT_GT(window.starts, 100u);
}

// Behind one resolver what is exact over a turn is felt; behind many, which of them gets which answer is chance
// anyhow.
TEST(Simulate, LoadOfAWindowIsMoreEvenThanChance) {
  EXPECT_LT(busiest("window", 1), busiest("random", 1));
  EXPECT_LT(busiest("window", 1), 1.25);
  EXPECT_LT(busiest("window", 1000), 1.15);
}

TEST(Simulate, StickyLoadComesDownWithTheNumberOfResolvers) {
  EXPECT_NEAR(busiest("sticky", 1), 5, 1e-9);  // one resolver: 8 of 40 have it all
  EXPECT_GT(busiest("sticky", 10), busiest("sticky", 1000));
}

TEST(Simulate, StickyChurnIsCapOverN) {
  for (const size_t leaving : {0u, 17u}) {
    const PoolDefinition pool = pool_of("sticky", 40, 8);
    PoolDefinition rest = pool;
    rest.members.erase(rest.members.begin() + static_cast<ptrdiff_t>(leaving));
    SimulationSettings settings = small(1);
    settings.clients = 20'000;
    const auto ring = simulate(pool, *compile_pool(pool, 0), settings, &rest).at(0);
    ASSERT_TRUE(ring.churn);
    EXPECT_EQ(ring.churn->removed, 1u);
    EXPECT_NEAR(ring.churn->cap_over_n, 0.2, 1e-12);
    EXPECT_NEAR(ring.churn->had_removed, 0.2, 0.02);
    EXPECT_GE(ring.churn->changed, ring.churn->had_removed);
    EXPECT_LT(ring.churn->changed, 0.24);
    EXPECT_LT(ring.churn->replaced, 1.1);
  }
}

TEST(Simulate, RowsThatHeldTheMemberChange) {
  const PoolDefinition pool = pool_of("window", 40, 8);
  PoolDefinition rest = pool;
  rest.members.pop_back();
  const auto ring = simulate(pool, *compile_pool(pool, 0), small(1), &rest).at(0);
  EXPECT_NEAR(ring.churn->changed, 0.2, 1e-12);
}

TEST(Simulate, BothFamiliesAndNoMemberThatIsOut) {
  PoolDefinition pool = pool_of("window", 5, 2);
  pool.members[0].state = MemberState::out;
  pool.members.emplace_back().address = *IpAddress::parse("2001:db8::1");
  const auto rings = simulate(pool, *compile_pool(pool, 0), small(3));
  ASSERT_EQ(rings.size(), 2u);
  EXPECT_EQ(rings[0].members.size(), 4u);
  EXPECT_EQ(rings[1].members.size(), 1u);
  EXPECT_NEAR(rings[1].members[0].load_first, 1, 1e-12);
  pool.members.resize(1);
  EXPECT_TRUE(simulate(pool, *compile_pool(pool, 0), small(3)).empty());
}

TEST(Simulate, TheSameSeedGivesTheSame) {
  const auto load = [](uint64_t seed) { return simulated(pool_of("random", 40, 8), small(100, seed)).any.most; };
  EXPECT_EQ(load(7), load(7));
  EXPECT_NE(load(7), load(8));
}

TEST(LoadModel, CountsTheQueriesOfClients) {
  for (const uint32_t ttl : {0u, 1u, 60u, 604800u}) {
    PoolDefinition pool = pool_of("window", 40, 8);
    pool.ttl = ttl;
    SimulationSettings settings = small(100);
    settings.hours = 24 * 30;
    const Load load = simulate_load(*compile_pool(pool, 0), Family::ipv4, settings);
    const double first = std::accumulate(load.first.begin(), load.first.end(), 0.0);
    const double any = std::accumulate(load.any.begin(), load.any.end(), 0.0);
    EXPECT_NEAR(first / any, 1, 1e-9) << ttl;
    // What was cached before the beginning is not counted: less than half of it even at a TTL of a week of four.
    EXPECT_GT(any, 50'000) << ttl;
    EXPECT_LT(any, 105'000) << ttl;
  }
}

}  // namespace
}  // namespace dnsd
