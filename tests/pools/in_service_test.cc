#include "dnsd/pools/in_service.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

PoolMember member(const char* address, MemberState state = MemberState::in) {
  PoolMember m;
  m.address = *IpAddress::parse(address);
  m.state = state;
  return m;
}

PoolDefinition pool(std::vector<PoolMember> members) {
  PoolDefinition p;
  p.members = std::move(members);
  return p;
}

TEST(InService, OnlyMembersInServe) {
  const auto p = pool({member("192.0.2.1"), member("192.0.2.2", MemberState::drain), member("192.0.2.3", MemberState::out)});
  const auto verdicts = in_service(p);
  ASSERT_EQ(verdicts.size(), 3u);
  EXPECT_TRUE(verdicts[0].served);
  EXPECT_FALSE(verdicts[1].served);
  EXPECT_EQ(verdicts[1].reason, "drained");
  EXPECT_FALSE(verdicts[2].served);
  EXPECT_EQ(ring_order(p, Family::ipv4), std::vector<size_t>{0});
}

TEST(InService, DrainedServeWhereNobodyElseDoes) {
  const auto p = pool({member("192.0.2.2", MemberState::drain), member("192.0.2.3", MemberState::out)});
  EXPECT_EQ(ring_order(p, Family::ipv4), std::vector<size_t>{0});
  EXPECT_EQ(in_service(p)[0].reason, "drained, but nothing else is in service");
}

TEST(InService, FamiliesAreJudgedApart) {
  const auto p = pool({member("192.0.2.1"), member("2001:db8::1", MemberState::drain)});
  EXPECT_EQ(ring_order(p, Family::ipv4), std::vector<size_t>{0});
  EXPECT_EQ(ring_order(p, Family::ipv6), std::vector<size_t>{1});
}

TEST(InService, WeightZeroServesOnlyAlone) {
  auto light = member("192.0.2.1"), drained = member("192.0.2.2", MemberState::drain);
  light.weight = 0;
  const auto p = pool({light, member("192.0.2.3"), drained});
  EXPECT_EQ(ring_order(p, Family::ipv4), std::vector<size_t>{1});
  EXPECT_EQ(in_service(p)[0].reason, "weight 0");
  const auto alone = pool({light, drained});
  EXPECT_EQ(ring_order(alone, Family::ipv4), std::vector<size_t>{0}) << "before those that are drained";
  EXPECT_EQ(in_service(alone)[0].reason, "weight 0, but nothing else is in service");
  EXPECT_EQ(serving_weight(light), 1u);
}

TEST(InService, OutNeverServes) {
  EXPECT_TRUE(ring_order(pool({member("192.0.2.1", MemberState::out)}), Family::ipv4).empty());
}

}  // namespace
}  // namespace dnsd
