#include "dnsd/pools/answer_list.h"

#include <algorithm>
#include <array>
#include <map>

#include "dnsd/pools/in_service.h"

namespace dnsd {

std::vector<RingMember> ring_members(const PoolDefinition& pool, Family family) {
  std::map<std::string, uint16_t> sites;  // by name: the numbers do not depend on the order of the members
  const std::vector<size_t> order = ring_order(pool, family);
  if (pool.spread == Spread::site)
    for (const size_t index : order) sites.emplace(pool.members[index].site, uint16_t{0});
  uint16_t number = 0;
  for (auto& [name, of_site] : sites) of_site = name.empty() ? uint16_t{0} : ++number;
  std::vector<RingMember> members;
  for (const size_t index : order) {
    const PoolMember& member = pool.members[index];
    members.push_back({member.address, serving_weight(member), sites.empty() ? uint16_t{0} : sites.at(member.site)});
  }
  return members;
}

// A site with m members of the row has them at (1/2 + i) / m of it: all sites are spread evenly, whatever their sizes.
void alternate_sites(std::span<uint16_t> row, std::span<const RingMember> members) {
  struct Spot {
    uint32_t at;
    uint16_t pick;
  };
  std::array<Spot, max_cap> spots{};
  for (size_t i = 0; i < row.size(); ++i) {
    uint32_t of_site = 0, before = 0;
    for (size_t j = 0; j < row.size(); ++j) {
      if (members[row[j]].site != members[row[i]].site) continue;
      ++of_site;
      before += j < i ? 1 : 0;
    }
    spots[i] = {(2 * before + 1) * 0x10000 / (2 * of_site), row[i]};
  }
  std::stable_sort(spots.begin(), spots.begin() + row.size(), [](const Spot& a, const Spot& b) { return a.at < b.at; });
  for (size_t i = 0; i < row.size(); ++i) row[i] = spots[i].pick;
}

}  // namespace dnsd
