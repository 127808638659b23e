// Pinned sets.
#include "dnsd/loading/cross_check_context.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "dnsd/snapshot/pages.h"
#include "pinned_ips/promise.h"

namespace dnsd::cross_checks {
namespace {

// The most addresses of a family the set answers at any moment from now on. What is out only makes it fewer.
size_t most_addresses(const PromisedSet& set, Family family, Instant now) {
  size_t most = 0;
  for (std::optional<Instant> when = now; when; when = next_answer_change(set, *when)) {
    const std::vector<IpAddress> addresses = addresses_at(set, {}, *when);
    most = std::max(most, static_cast<size_t>(std::ranges::count(addresses, family, &IpAddress::family)));
  }
  return most;
}

void pinned_set_fits(Context& in, const NameRule& rule, const NameRule::Set& at_name, size_t cap) {
  const PromisedSet* set = in.data.promised.find(at_name.name);
  if (!set) return;
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    const size_t most = most_addresses(*set, family, in.now);
    const std::string what = "the pinned set '" + set->name + "' comes to " + std::to_string(most) +
                             (family == Family::ipv4 ? " IPv4" : " IPv6") + " addresses";
    if (most > cap) {
      in.error(at_name.place, what + ", more than the cap of " + std::to_string(cap) + " of this name");
    } else if (most > room_without_edns(rule.owner, family)) {
      in.error(at_name.place, what + ", more than the " + std::to_string(room_without_edns(rule.owner, family)) +
                                  " that fit an answer of 512 octets");
    }
  }
}

}  // namespace

void sets_are_distinct(Context& in) {
  std::map<std::string, Place> seen;
  for (const PinnedSet& set : in.data.pinned_sets) {
    const auto [first, fresh] = seen.try_emplace(set.name, set.place);
    if (!fresh) in.error(set.place, "the pinned set '" + set.name + "' is already defined at " + at(first->second));
  }
}

// An address of a set may be in a pool only where some name hands out both: then they are one service.
void pinned_addresses_have_one_meaning(Context& in) {
  for (const LoadedZone& zone : in.data.zones) {
    for (const PoolDefinition& pool : zone.config.pools) {
      for (const PinnedSet& set : in.data.pinned_sets) {
        const bool together = std::ranges::any_of(
            zone.config.names, [&](const NameRule& r) { return r.pool == pool.name && r.has_set(set.name); });
        if (together) continue;
        for (const PoolMember& member : pool.members) {
          const auto entry = std::ranges::find_if(
              set.entries, [&](const PinnedEntry& e) { return e.cidr.contains(member.address); });
          if (entry == set.entries.end()) continue;
          in.error(member.place, to_text(member.address) + " is promised to the clients of the pinned set '" + set.name +
                                     "' at " + at(entry->place) + ", and no name has both this pool and that set");
        }
      }
    }
  }
}

void pinned_sets_fit(Context& in) {
  for (const LoadedZone& zone : in.data.zones) {
    for (const NameRule& rule : zone.config.names) {
      const auto pool = std::ranges::find(zone.config.pools, rule.pool.value_or(""), &PoolDefinition::name);
      const size_t cap = pool == zone.config.pools.end() ? max_cap : pool->cap;
      for (const NameRule::Set& set : rule.pinned) pinned_set_fits(in, rule, set, cap);
    }
  }
}

void pinned_sets_answer(Context& in) {
  for (const PinnedSet& set : in.data.pinned_sets) {
    const PromisedSet* promised = in.data.promised.find(set.name);
    if (promised && addresses_at(*promised, set.out, in.now).empty())
      in.warning(set.place, "the pinned set '" + set.name + "' has no address in service now: its clients get nothing");
  }
}

// Only of families that the set answers in.
void standbys_are_enough(Context& in) {
  for (const PinnedSet& set : in.data.pinned_sets) {
    const PromisedSet* promised = in.data.promised.find(set.name);
    if (!promised || set.min_standby == 0) continue;
    for (const Family family : {Family::ipv4, Family::ipv6}) {
      unsigned enabled = 0, standby = 0;
      for (const Promise& p : promised->entries) {
        const PromiseState state = state_at(p, promised->policy_at(in.now), in.now);
        if (p.cidr.family() != family) continue;
        enabled += state == PromiseState::active;
        standby += state == PromiseState::standby;
      }
      if (enabled > 0 && standby < set.min_standby)
        in.warning(set.place, "the pinned set '" + set.name + "' has " + counted(standby, "enabled standby") + " of " +
                                  (family == Family::ipv4 ? "IPv4" : "IPv6") + ", fewer than min_standby " +
                                  std::to_string(set.min_standby) + "; announce another entry without addresses");
    }
  }
}

void what_is_out_is_known(Context& in) {
  for (const PinnedSet& set : in.data.pinned_sets) {
    for (const IpAddress& address : set.out) {
      const bool known = std::ranges::any_of(set.entries, [&](const PinnedEntry& e) { return e.cidr.contains(address); });
      if (!known)
        in.warning(set.place, "out: " + to_text(address) + " is in no entry of the pinned set '" + set.name + "'");
    }
  }
}

}  // namespace dnsd::cross_checks
