// Pools and their members.
#include "dnsd/loading/cross_check_context.h"

#include <algorithm>
#include <map>

#include "dnsd/pools/in_service.h"

namespace dnsd::cross_checks {

void pools_are_used(Context& in) {
  for (const LoadedZone& zone : in.data.zones) {
    for (const PoolDefinition& pool : zone.config.pools) {
      const bool used = std::ranges::any_of(zone.config.names, [&](const NameRule& r) { return r.pool == pool.name; });
      if (!used) in.warning(pool.place, "no name uses the pool '" + pool.name + "'");
    }
  }
}

void pools_have_members_in_service(Context& in) {
  for (const LoadedZone& zone : in.data.zones) {
    for (const PoolDefinition& pool : zone.config.pools) {
      for (const Family family : {Family::ipv4, Family::ipv6}) {
        const bool has = std::ranges::any_of(pool.members, [&](const PoolMember& m) {
          return m.address.family() == family;
        });
        if (has && ring_order(pool, family).empty()) {
          in.warning(pool.place, "no " + std::string(family == Family::ipv4 ? "IPv4" : "IPv6") + " member of the pool '" +
                                     pool.name + "' is in service: it answers nothing");
        }
      }
    }
  }
}

// One address silently serving two services is how outages start.
void addresses_have_one_meaning(Context& in) {
  struct Use {
    const PoolDefinition* pool;
    const PoolMember* member;
  };
  std::map<IpAddress, Use> uses;
  for (const LoadedZone& zone : in.data.zones) {
    for (const PoolDefinition& pool : zone.config.pools) {
      for (const PoolMember& member : pool.members) {
        const auto [first, fresh] = uses.try_emplace(member.address, Use{&pool, &member});
        if (fresh || first->second.pool == &pool) continue;
        const PoolDefinition& other = *first->second.pool;
        const auto names = [](const PoolDefinition& p, const std::string& n) {
          return std::ranges::find(p.shares_with, n) != p.shares_with.end();
        };
        if (names(pool, other.name) || names(other, pool.name)) continue;
        in.error(member.place, to_text(member.address) + " is already in the pool '" + other.name + "' at " +
                                   at(first->second.member->place) + "; if both are meant to use it, say shares_with: [" +
                                   other.name + "] in the pool '" + pool.name + "'");
      }
    }
  }
}

}  // namespace dnsd::cross_checks
