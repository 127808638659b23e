#include "dnsd/loading/cross_check.h"

#include <algorithm>
#include <map>
#include <set>

#include "dnsd/loading/data_directory.h"
#include "dnsd/pools/in_service.h"
#include "pinned_ips/notice.h"
#include "pinned_ips/policy.h"
#include "pinned_ips/timeline.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

// What every check is given: the data, the moment, and where to report with the line of the file.
class Context {
 public:
  Context(const DataDirectory& directory, Instant instant, const OpenFile& open, Diagnostics& diagnostics)
      : data(directory), now(instant), open_(open), diagnostics_(diagnostics) {}

  const DataDirectory& data;
  const Instant now;

  void error(const Place& place, std::string message) { diagnostics_.error(place, std::move(message), line(place)); }
  void warning(const Place& place, std::string message) {
    diagnostics_.warning(place, std::move(message), line(place));
  }
  Diagnostics& diagnostics() { return diagnostics_; }

  std::string line(const Place& place) {
    auto [text, fresh] = texts_.try_emplace(place.file);
    if (fresh) {
      const Result<std::string> content = open_(place.file);
      if (content) text->second = *content;
    }
    return std::string(line_of(text->second, place.line));
  }

 private:
  const OpenFile& open_;
  Diagnostics& diagnostics_;
  std::map<std::string, std::string> texts_;
};

std::string at(const Place& place) { return place.file + ":" + std::to_string(place.line); }

void zones_are_distinct(Context& in) {
  std::map<Name, Place, CanonicalLess> seen;
  for (const LoadedZone& zone : in.data.zones) {
    const auto [first, fresh] = seen.try_emplace(zone.config.origin, zone.config.place);
    if (!fresh) {
      in.error(zone.config.place,
               "the zone " + to_text(zone.config.origin) + " is already defined at " + at(first->second));
    }
  }
}

void sets_are_distinct(Context& in) {
  std::map<std::string, Place> seen;
  for (const PinnedSet& set : in.data.pinned_sets) {
    const auto [first, fresh] = seen.try_emplace(set.name, set.place);
    if (!fresh) in.error(set.place, "the pinned set '" + set.name + "' is already defined at " + at(first->second));
  }
}

void references_exist(Context& in) {
  for (const LoadedZone& zone : in.data.zones) {
    for (const NameRule& rule : zone.config.names) {
      if (rule.pool && std::ranges::find(zone.config.pools, *rule.pool, &PoolDefinition::name) == zone.config.pools.end())
        in.error(rule.pool_place, "there is no pool '" + *rule.pool + "' in this file");
      for (const NameRule::Set& set : rule.pinned) {
        if (in.data.pinned_sets_complete && !in.data.find_set(set.name))
          in.error(set.place, "there is no pinned set '" + set.name + "' in the folder of pinned sets");
      }
    }
  }
}

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

// At a shaped name the addresses come from the pool, and nothing of the master file may take the name over.
void shaped_names_are_free(Context& in) {
  for (const LoadedZone& zone : in.data.zones) {
    if (!zone.zone) continue;
    for (const NameRule& rule : zone.config.names) {
      const auto [first, last] = zone.zone->owner_range(rule.owner);
      for (size_t i = first; i < last; ++i) {
        const RecordView record = (*zone.zone)[i];
        const Place place = zone.zone->place(record.place);
        const bool address = record.type == rr_type::A || record.type == rr_type::AAAA;
        if (address || record.type == rr_type::CNAME) {
          in.error(place, type_text(record.type) + " at " + to_text(rule.owner) +
                              ", whose addresses come from the rule at " + at(rule.place));
        }
      }
      for (NameView name = rule.owner; name.size() > zone.config.origin.size(); name = name.parent()) {
        const auto [above, end] = zone.zone->owner_range(name);
        for (size_t i = above; i < end; ++i) {
          const RecordView record = (*zone.zone)[i];
          const bool below_dname = record.type == rr_type::DNAME && !(name == rule.owner.view());
          if (record.type != rr_type::NS && !below_dname) continue;
          in.error(rule.place, to_text(rule.owner) + " cannot be answered: " + to_text(name) + " has " +
                                   type_text(record.type) + " records at " + at(zone.zone->place(record.place)));
          break;
        }
      }
    }
  }
}

// What shaping answers is made up by the server, and nobody has signed it.
void shaped_names_are_unsigned(Context& in) {
  for (const LoadedZone& zone : in.data.zones) {
    if (!zone.zone || !zone.zone->is_signed()) continue;
    for (const NameRule& rule : zone.config.names) {
      in.warning(rule.place, "the addresses of " + to_text(rule.owner) +
                                 " are not signed, but its zone is: validating resolvers refuse them");
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

void prefixes_are_in_one_set(Context& in) {
  const std::vector<PinnedSet>& sets = in.data.pinned_sets;
  for (size_t i = 0; i < sets.size(); ++i) {
    for (size_t j = i + 1; j < sets.size(); ++j) {
      for (const PinnedEntry& entry : sets[j].entries) {
        const auto other = std::ranges::find_if(sets[i].entries,
                                                [&](const PinnedEntry& e) { return e.cidr.overlaps(entry.cidr); });
        if (other == sets[i].entries.end()) continue;
        in.error(entry.place, to_text(entry.cidr) + " overlaps " + to_text(other->cidr) + " of the pinned set '" +
                                  sets[i].name + "' at " + at(other->place));
      }
    }
  }
}

// The most addresses of a family the set answers at any moment from now on.
size_t most_addresses(const PinnedSet& set, Family family, Instant now) {
  size_t most = 0;
  for (std::optional<Instant> when = now; when; when = next_answer_change(set, *when)) {
    const std::vector<IpAddress> addresses = addresses_at(set, *when);
    most = std::max(most, static_cast<size_t>(std::ranges::count(addresses, family, &IpAddress::family)));
  }
  return most;
}

// Records that fit an answer without EDNS: header, question and they must not exceed 512 octets (RFC 1035 4.2.1). A
// wildcard stands for names of any length.
size_t room_without_edns(NameView owner, Family family) {
  const size_t question = (owner.is_wildcard() ? max_name_octets : owner.size()) + 4;
  return (512 - 12 - question) / address_record_size(family);
}

void pinned_set_fits(Context& in, const NameRule& rule, const NameRule::Set& at_name, size_t cap) {
  const PinnedSet* set = in.data.find_set(at_name.name);
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
    if (addresses_at(set, in.now).empty())
      in.warning(set.place, "the pinned set '" + set.name + "' has no address in service now: its clients get nothing");
  }
}

void notice_is_kept(Context& in) {
  for (const PinnedSet& set : in.data.pinned_sets) {
    check_notice(set, feed_max_age, in.now, [&](const Place& place) { return in.line(place); }, in.diagnostics());
  }
}

using Check = void (*)(Context&);
constexpr Check checks[] = {
    zones_are_distinct,
    sets_are_distinct,
    references_exist,
    pools_are_used,
    pools_have_members_in_service,
    shaped_names_are_free,
    shaped_names_are_unsigned,
    addresses_have_one_meaning,
    pinned_addresses_have_one_meaning,
    prefixes_are_in_one_set,
    pinned_sets_fit,
    pinned_sets_answer,
    notice_is_kept,
};

}  // namespace

void cross_check(const DataDirectory& data, Instant now, const OpenFile& open, Diagnostics& diagnostics) {
  Context context(data, now, open, diagnostics);
  for (const Check check : checks) check(context);
}

}  // namespace dnsd
