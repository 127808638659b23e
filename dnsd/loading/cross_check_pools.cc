// Pools and their members.
#include "dnsd/loading/cross_check_context.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"

namespace dnsd::cross_checks {
namespace {

std::string counted_members(ptrdiff_t count, const std::string& kind) {
  return counted(static_cast<size_t>(count), kind + "member");
}

}  // namespace

void pools_are_used(Context& in) {
  for (const LoadedZone& zone : in.data.zones) {
    for (const PoolDefinition& pool : zone.config.pools) {
      const bool used = std::ranges::any_of(zone.config.names, [&](const NameRule& r) { return r.pool == pool.name; });
      if (!used) in.warning(pool.place, "no name uses the pool '" + pool.name + "'");
    }
  }
}

// Who serves in a family: members that are in and have a weight, else those in without one, else the drained.
void pools_have_members_in_service(Context& in) {
  for (const LoadedZone& zone : in.data.zones) {
    for (const PoolDefinition& pool : zone.config.pools) {
      for (const Family family : {Family::ipv4, Family::ipv6}) {
        const auto count = [&](auto what) {
          return std::ranges::count_if(pool.members, [&](const PoolMember& m) {
            return m.address.family() == family && what(m);
          });
        };
        if (count([](const PoolMember&) { return true; }) == 0) continue;
        if (count([](const PoolMember& m) { return m.state == MemberState::in && m.weight > 0; }) > 0) continue;
        const auto without_weight = count([](const PoolMember& m) { return m.state == MemberState::in; });
        const auto drained = count([](const PoolMember& m) { return m.state == MemberState::drain; });
        const std::string none = "no " + std::string(family == Family::ipv4 ? "IPv4" : "IPv6") + " member of the pool '" +
                                 pool.name + "' is in service";
        if (without_weight > 0) {
          in.warning(pool.place, none + " with a weight: it answers with " + counted_members(without_weight, "") +
                                     " of weight 0");
        } else if (drained > 0) {
          in.warning(pool.place, none + ": it answers with " + counted_members(drained, "drained "));
        } else {
          in.warning(pool.place, none + ": it answers nothing");
        }
      }
    }
  }
}

// Where one member's site is unknown, nobody can say whether two members of an answer are in one site.
void sites_are_said_of_all(Context& in) {
  for (const LoadedZone& zone : in.data.zones) {
    for (const PoolDefinition& pool : zone.config.pools) {
      const auto without = std::ranges::count(pool.members, "", &PoolMember::site);
      if (pool.spread == Spread::none || without == 0 || without == std::ssize(pool.members)) continue;
      in.warning(pool.place, "of the " + std::to_string(pool.members.size()) + " members of the pool '" + pool.name + "' " +
                                 std::to_string(without) + (without == 1 ? " has" : " have") +
                                 " no site: answers cannot be spread over sites; say the site of each, or 'spread: none'");
    }
  }
}

void sites_are_spelled_alike(Context& in) {
  for (const LoadedZone& zone : in.data.zones) {
    for (const PoolDefinition& pool : zone.config.pools) {
      std::map<std::string, const PoolMember*> first_spelling;
      std::set<std::string> told;
      for (const PoolMember& member : pool.members) {
        const auto [first, fresh] = first_spelling.try_emplace(ascii_lower(member.site), &member);
        if (fresh || first->second->site == member.site || !told.insert(member.site).second) continue;
        in.warning(member.place, "the site '" + member.site + "' differs from '" + first->second->site + "' at " +
                                     at(first->second->place) + " in case only: they are two sites");
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
