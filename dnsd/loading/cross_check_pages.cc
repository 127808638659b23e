// The names that `pages: true` and pinned sets make: nothing else may be there.
#include "dnsd/loading/cross_check_context.h"

#include <algorithm>
#include <map>

#include "dnsd/snapshot/feed_names.h"
#include "dnsd/snapshot/pages.h"
#include "zones/rr_types.h"

namespace dnsd::cross_checks {
namespace {

// All names that are something else already, but for those in master files.
struct Taken {
  std::map<Name, const NameRule*, CanonicalLess> rules;    // of the zone in hand
  std::map<NameView, const LoadedZone*, CanonicalLess> zones;
};

// What stands at a name; empty where it is free.
std::string what_is_at(NameView name, const LoadedZone& zone, const Taken& taken) {
  if (const auto rule = taken.rules.find(name); rule != taken.rules.end())
    return "is a name of its own at " + at(rule->second->place);
  if (const auto other = taken.zones.find(name); other != taken.zones.end() && other->second != &zone)
    return "is a zone of its own at " + at(other->second->config.place);
  const Zone* records = zone.at_shaped_names();
  if (!records) return {};
  const auto [first, last] = records->owner_range(name);
  if (first == last) return {};
  const RecordView record = (*records)[first];
  return "has " + type_text(record.type) + " records at " + at(records->place(record.place));
}

void pages_of_rule(Context& in, const LoadedZone& zone, const NameRule& rule, const PoolDefinition& pool,
                   const Taken& taken) {
  const auto check = [&](const Result<Name>& page) {
    if (!page) return in.error(rule.pages_place, "pages: " + page.failure().message);
    const std::string what = what_is_at(*page, zone, taken);
    if (!what.empty()) in.error(rule.pages_place, "pages: " + to_text(*page) + " is needed for them, but " + what);
  };
  check(pages_name(rule.owner));
  if (!page_name(rule.owner, 1)) return check(page_name(rule.owner, 1));
  const unsigned count = page_count(rule, pool);
  for (unsigned number = 1; number <= count; ++number) {
    const Result<Name> page = page_name(rule.owner, number);
    check(page);
    if (!page) return;  // the later ones are no shorter
  }
}

// What is below a DNAME is somewhere else (RFC 6672 2.2). Those above the name itself are in the way of it, too.
// The way out stands with the defect: nobody asked for these names.
void feed_names_of_rule(Context& in, const LoadedZone& zone, const NameRule& rule, const Taken& taken) {
  const std::optional<FeedNames> names = feed_names(rule);
  if (!names) return;
  for (const Name& name : {names->feed, names->next, names->whoami}) {
    const std::string what = what_is_at(name, zone, taken);
    if (!what.empty())
      in.error(rule.place, to_text(name) + " tells of the pinned set, but " + what +
                               "; move that, or write feed_names: false here");
  }
}

void no_dname(Context& in, const Zone& zone, const NameRule& rule) {
  const auto [first, last] = zone.owner_range(rule.owner);
  for (size_t i = first; i < last; ++i) {
    const RecordView record = zone[i];
    if (record.type != rr_type::DNAME) continue;
    in.error(rule.pages_place, "pages: no name below " + to_text(rule.owner) +
                                   " can be answered: it has DNAME records at " + at(zone.place(record.place)));
    return;
  }
}

}  // namespace

void pages_are_free(Context& in) {
  Taken taken;
  for (const LoadedZone& zone : in.data.zones) taken.zones.try_emplace(zone.config.origin, &zone);
  for (const LoadedZone& zone : in.data.zones) {
    taken.rules.clear();
    for (const NameRule& rule : zone.config.names) taken.rules.try_emplace(rule.owner, &rule);
    for (const NameRule& rule : zone.config.names) {
      feed_names_of_rule(in, zone, rule, taken);
      const auto pool = std::ranges::find(zone.config.pools, rule.pool.value_or(""), &PoolDefinition::name);
      if (!rule.pages || pool == zone.config.pools.end()) continue;
      if (const Zone* records = zone.at_shaped_names()) no_dname(in, *records, rule);
      pages_of_rule(in, zone, rule, *pool, taken);
    }
  }
}

}  // namespace dnsd::cross_checks
