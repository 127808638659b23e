// Weights, and what becomes of them: an address cannot stand in an answer twice.
#include "dnsd/loading/cross_check_context.h"

#include <algorithm>
#include <cstdio>
#include <numeric>

#include "dnsd/pools/shares.h"

namespace dnsd::cross_checks {
namespace {

// The members of a family that are handed out in their turn: `in`, with a weight.
std::vector<const PoolMember*> weighted_members(const PoolDefinition& pool, Family family) {
  std::vector<const PoolMember*> members;
  for (const PoolMember& m : pool.members)
    if (m.address.family() == family && m.state == MemberState::in && m.weight > 0) members.push_back(&m);
  return members;
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f%%", 100 * share);
  return text;
}

std::string family_text(Family family) { return family == Family::ipv4 ? "IPv4" : "IPv6"; }

void weights_of_family(Context& in, const PoolDefinition& pool, Family family) {
  std::vector<const PoolMember*> members = weighted_members(pool, family);
  if (members.size() < 2) return;
  const auto weight = [](const PoolMember* m) { return m->weight; };
  if (members.size() <= pool.cap) {
    if (std::ranges::adjacent_find(members, std::ranges::not_equal_to(), weight) == members.end()) return;
    return in.warning(pool.place, "the weights of the " + family_text(family) + " members of the pool '" + pool.name +
                                      "' have no effect: every answer holds all " + std::to_string(members.size()) +
                                      " of them, for the cap is " + std::to_string(pool.cap));
  }
  std::vector<uint32_t> weights;
  for (const PoolMember* m : members) weights.push_back(m->weight);
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  const Shares shares = shares_of(weights, pool.cap);
  for (size_t i = 0; i < members.size(); ++i) {
    if (!shares.limited[i]) continue;
    const PoolMember& m = *members[i];
    in.warning(m.place, "the weight " + std::to_string(m.weight) + " of " + to_text(m.address) +
                            " is too large for the pool '" + pool.name + "' with its cap of " + std::to_string(pool.cap) +
                            ": it stands in every answer, which is " + percent(1.0 / pool.cap) +
                            " of the addresses handed out instead of " + percent(m.weight / total));
  }
  if (shares.exact) return;
  in.warning(pool.place, "the weights of the " + family_text(family) + " members of the pool '" + pool.name +
                             "' are too fine to be kept exactly: a turn of its answers would be too long, so they are "
                             "rounded to " + std::to_string(shares.answers) + " answers; weights with a common divisor " +
                             "make shorter turns");
}

}  // namespace

void weights_can_be_kept(Context& in) {
  for (const LoadedZone& zone : in.data.zones)
    for (const PoolDefinition& pool : zone.config.pools)
      for (const Family family : {Family::ipv4, Family::ipv6}) weights_of_family(in, pool, family);
}

}  // namespace dnsd::cross_checks
