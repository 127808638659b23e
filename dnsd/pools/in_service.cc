#include "dnsd/pools/in_service.h"

#include <algorithm>

namespace dnsd {
namespace {

bool any_in(const PoolDefinition& pool, Family family) {
  return std::ranges::any_of(pool.members, [family](const PoolMember& m) {
    return m.address.family() == family && m.state == MemberState::in;
  });
}

MemberVerdict verdict(const PoolMember& member, bool others_serve) {
  switch (member.state) {
    case MemberState::in: return {true, "in service"};
    case MemberState::out: return {false, "out"};
    case MemberState::drain: break;
  }
  if (others_serve) return {false, "drained"};
  return {true, "drained, but nothing else is in service"};
}

}  // namespace

std::vector<MemberVerdict> in_service(const PoolDefinition& pool) {
  const bool others[] = {any_in(pool, Family::ipv4), any_in(pool, Family::ipv6)};
  std::vector<MemberVerdict> verdicts;
  verdicts.reserve(pool.members.size());
  for (const PoolMember& m : pool.members) verdicts.push_back(verdict(m, others[m.address.family() == Family::ipv6]));
  return verdicts;
}

std::vector<size_t> ring_order(const PoolDefinition& pool, Family family) {
  const std::vector<MemberVerdict> verdicts = in_service(pool);
  std::vector<size_t> order;
  for (size_t i = 0; i < pool.members.size(); ++i)
    if (verdicts[i].served && pool.members[i].address.family() == family) order.push_back(i);
  return order;
}

}  // namespace dnsd
