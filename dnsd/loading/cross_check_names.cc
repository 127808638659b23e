// Zones, and the names that shaping answers.
#include "dnsd/loading/cross_check_context.h"

#include <algorithm>
#include <map>

#include "zones/rr_types.h"

namespace dnsd::cross_checks {

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

}  // namespace dnsd::cross_checks
