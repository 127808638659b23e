#include "dnsd/loading/zone_facts.h"

#include <set>

#include "dnsd/snapshot/compile.h"
#include "dnsd/snapshot/pages.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

void copy_records(const Zone& zone, NameView owner, bool only_cuts, ZoneBuilder& out) {
  const auto [first, last] = zone.owner_range(owner);
  for (size_t i = first; i < last; ++i) {
    const RecordView r = zone[i];
    if (!only_cuts || r.type == rr_type::NS || r.type == rr_type::DNAME) out.add(r.owner, r.type, r.ttl, r.rdata, r.place);
  }
}

}  // namespace

ZoneFacts facts_of(const Zone& zone, const ZoneConfig& config) {
  ZoneFacts facts;
  facts.record_count = zone.size();
  facts.is_signed = zone.is_signed();
  if (config.names.empty()) return facts;
  std::set<Name, CanonicalLess> shaped, above;
  for (const Name& name : shaped_names(config.pools, config.names)) shaped.insert(name);
  for (const NameRule& rule : config.names)
    if (const Result<Name> pages = pages_name(rule.owner); pages && rule.pages) shaped.insert(*pages);
  for (const Name& name : shaped) {
    for (NameView up = name; up.size() > config.origin.size(); up = up.parent()) above.insert(Name(up));
  }
  ZoneBuilder builder(zone.origin());
  for (const std::string& file : zone.files()) builder.add_file(file);
  for (const Name& name : shaped) copy_records(zone, name, false, builder);
  for (const Name& name : above)
    if (!shaped.contains(name)) copy_records(zone, name, true, builder);
  facts.at_shaped_names = std::make_unique<const Zone>(std::move(builder).build());
  return facts;
}

}  // namespace dnsd
