#include "dnsd/pools/in_service.h"

#include <algorithm>
#include <array>

namespace dnsd {
namespace {

// The lower, the sooner.
enum class Rank : uint8_t { in, weightless, drained, drained_weightless, never };

Rank rank_of(const PoolMember& member) {
  switch (member.state) {
    case MemberState::in: return member.weight > 0 ? Rank::in : Rank::weightless;
    case MemberState::drain: return member.weight > 0 ? Rank::drained : Rank::drained_weightless;
    case MemberState::out: break;
  }
  return Rank::never;
}

MemberVerdict verdict(Rank rank, Rank best) {
  const bool served = rank == best && rank != Rank::never;
  switch (rank) {
    case Rank::in: return {served, "in service"};
    case Rank::weightless: return {served, served ? "weight 0, but nothing else is in service" : "weight 0"};
    case Rank::drained:
    case Rank::drained_weightless: return {served, served ? "drained, but nothing else is in service" : "drained"};
    case Rank::never: break;
  }
  return {false, "out"};
}

}  // namespace

std::vector<MemberVerdict> in_service(const PoolDefinition& pool) {
  std::array<Rank, 2> best = {Rank::never, Rank::never};
  const auto best_of = [&](const PoolMember& m) -> Rank& { return best[m.address.family() == Family::ipv6]; };
  for (const PoolMember& m : pool.members) best_of(m) = std::min(best_of(m), rank_of(m));
  std::vector<MemberVerdict> verdicts;
  verdicts.reserve(pool.members.size());
  for (const PoolMember& m : pool.members) verdicts.push_back(verdict(rank_of(m), best_of(m)));
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
