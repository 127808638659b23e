// Weights, and what becomes of them: an address cannot stand in an answer twice.
#include "dnsd/loading/cross_check_context.h"

#include <algorithm>
#include <cstdio>

namespace dnsd::cross_checks {
namespace {

// The members of a family that are handed out in their turn: `in`, with a weight.
std::vector<const PoolMember*> weighted_members(const PoolDefinition& pool, Family family) {
  std::vector<const PoolMember*> members;
  for (const PoolMember& m : pool.members)
    if (m.address.family() == family && m.state == MemberState::in && m.weight > 0) members.push_back(&m);
  return members;
}

// Of cap places in an answer a member of weight w of a total W should have cap * w / W, and can have one at most. Those
// who should have more stand in every answer; the other places are for the others by weight, which may bring others to
// the limit. `members` in descending order of weight; how many of them, from the first on, ask for more than they get.
size_t members_above_one_place(const std::vector<const PoolMember*>& members, unsigned cap) {
  uint64_t places = cap;
  uint64_t total = 0;
  for (const PoolMember* m : members) total += m->weight;
  size_t above = 0;
  while (above < members.size() && places * members[above]->weight > total) {
    --places;
    total -= members[above++]->weight;
  }
  return above;
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
  std::ranges::stable_sort(members, std::ranges::greater(), weight);
  double total = 0;
  for (const PoolMember* m : members) total += m->weight;
  const size_t above = members_above_one_place(members, pool.cap);
  for (size_t i = 0; i < above; ++i) {
    const PoolMember& m = *members[i];
    in.warning(m.place, "the weight " + std::to_string(m.weight) + " of " + to_text(m.address) +
                            " is too large for the pool '" + pool.name + "' with its cap of " + std::to_string(pool.cap) +
                            ": it stands in every answer, which is " + percent(1.0 / pool.cap) +
                            " of the addresses handed out instead of " + percent(m.weight / total));
  }
}

}  // namespace

void weights_can_be_kept(Context& in) {
  for (const LoadedZone& zone : in.data.zones)
    for (const PoolDefinition& pool : zone.config.pools)
      for (const Family family : {Family::ipv4, Family::ipv6}) weights_of_family(in, pool, family);
}

}  // namespace dnsd::cross_checks
