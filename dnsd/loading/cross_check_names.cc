// Zones, and the names that shaping answers.
#include "dnsd/loading/cross_check_context.h"

#include <algorithm>
#include <map>

#include "base/bytes.h"
#include "zones/rr_types.h"

namespace dnsd::cross_checks {
namespace {

// Whether an SVCB or HTTPS record says addresses: ipv4hint (4) or ipv6hint (6) among its parameters, which stand behind
// priority and target, each with its key and length (RFC 9460 2.2).
bool has_address_hints(Bytes rdata) {
  for (size_t at = 2 + wire_name_length(rdata.subspan(2)); at + 4 <= rdata.size(); at += 4u + load16(&rdata[at + 2])) {
    const uint16_t key = load16(&rdata[at]);
    if (key == 4 || key == 6) return true;
  }
  return false;
}

}  // namespace

void zones_are_distinct(Context& in) {
  std::map<NameView, Place, CanonicalLess> seen;
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
    const Zone* records = zone.at_shaped_names();
    if (!records) continue;
    for (const NameRule& rule : zone.config.names) {
      const auto [first, last] = records->owner_range(rule.owner);
      for (size_t i = first; i < last; ++i) {
        const RecordView record = (*records)[i];
        const Place place = records->place(record.place);
        const bool address = record.type == rr_type::A || record.type == rr_type::AAAA;
        if (address || record.type == rr_type::CNAME) {
          in.error(place, type_text(record.type) + " at " + to_text(rule.owner) +
                              ", whose addresses come from the rule at " + at(rule.place));
        }
      }
      for (NameView name = rule.owner; name.size() > zone.config.origin.size(); name = name.parent()) {
        const auto [above, end] = records->owner_range(name);
        for (size_t i = above; i < end; ++i) {
          const RecordView record = (*records)[i];
          const bool below_dname = record.type == rr_type::DNAME && !(name == rule.owner.view());
          if (record.type != rr_type::NS && !below_dname) continue;
          in.error(rule.place, to_text(rule.owner) + " cannot be answered: " + to_text(name) + " has " +
                                   type_text(record.type) + " records at " + at(records->place(record.place)));
          break;
        }
      }
    }
  }
}

// What shaping answers is made up by the server, and nobody has signed it.
void shaped_names_are_unsigned(Context& in) {
  for (const LoadedZone& zone : in.data.zones) {
    if (!zone.facts || !zone.facts->is_signed) continue;
    for (const NameRule& rule : zone.config.names) {
      in.warning(rule.place, "the addresses of " + to_text(rule.owner) +
                                 " are not signed, but its zone is: validating resolvers refuse them");
    }
  }
}

// A signature is over the octets that were signed: hints that follow the answers would break it.
void hints_are_signed_as_written(Context& in) {
  for (const LoadedZone& zone : in.data.zones) {
    if (!zone.facts || !zone.facts->is_signed) continue;
    for (const NameRule& rule : zone.config.names) {
      if (rule.hints != Hints::follow) continue;
      const Zone& records = *zone.facts->at_shaped_names;
      const auto [first, last] = records.owner_range(rule.owner);
      for (size_t i = first; i < last; ++i) {
        const RecordView record = records[i];
        if ((record.type != rr_type::SVCB && record.type != rr_type::HTTPS) || !has_address_hints(record.rdata)) continue;
        in.warning(rule.place, "the address hints of the " + type_text(record.type) + " record at " +
                                   at(records.place(record.place)) +
                                   " are signed and stay as written; say 'hints: as-written' if that is meant");
        break;
      }
    }
  }
}

}  // namespace dnsd::cross_checks
