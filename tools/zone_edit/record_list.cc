#include "tools/zone_edit/record_list.h"

#include <nlohmann/json.hpp>

#include "tools/zone_edit/find.h"
#include "tools/zone_edit/table.h"
#include "zones/rdata_text.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

// Addresses of a shaped name are no records, and who looks for them here should know.
void tell_of_rules(const Session& session, const ZoneConfig& zone, const Name& owner) {
  for (const NameRule& rule : zone.names) {
    if (!(rule.owner.view() == owner.view())) continue;
    session.err << "zone-edit: A and AAAA of " << to_text(owner) << " come from the rule at " << rule.place.file
                << ":" << rule.place.line << "; 'zone-edit explain' shows them\n";
  }
}

Json record_json(const Zone& zone, const RecordView& record) {
  const Place place = zone.place(record.place);
  return {{"name", to_text(record.owner)},
          {"ttl", record.ttl},
          {"type", type_text(record.type)},
          {"rdata", rdata_to_text(record.type, record.rdata)},
          {"place", place.file + ":" + std::to_string(place.line)}};
}

}  // namespace

int list_records(const Session& session, const RecordFilter& filter) {
  const std::optional<DataDirectory> data = load_or_refuse(session);
  if (!data) return exit_status::refused;
  const Result<const ZoneConfig*> config = find_zone(zone_configs(*data), filter.zone);
  if (!config) return refuse(session, config.failure().message);
  const Zone& zone = *data->find_zone((*config)->origin)->zone;
  std::pair<size_t, size_t> range{0, zone.size()};
  if (!filter.name.empty()) {
    const Result<Name> owner = find_owner(filter.name, **config);
    if (!owner) return refuse(session, owner.failure().message);
    range = zone.owner_range(*owner);
    tell_of_rules(session, **config, *owner);
  }
  const std::optional<uint16_t> type = filter.type.empty() ? std::nullopt : parse_type(filter.type);
  Table table({"NAME", "TTL", "TYPE", "RDATA"});
  Json json = {{"zone", to_text(zone.origin())}, {"records", Json::array()}};
  for (size_t i = range.first; i < range.second; ++i) {
    const RecordView record = zone[i];
    if (type && record.type != *type) continue;
    if (session.json) {
      json["records"].push_back(record_json(zone, record));
    } else {
      table.add({to_text(record.owner), std::to_string(record.ttl), type_text(record.type),
                 rdata_to_text(record.type, record.rdata)});
    }
  }
  if (session.json) {
    print_json(session, json);
  } else {
    session.out << (table.empty() ? "No records.\n" : table.to_text());
  }
  return exit_status::done;
}

}  // namespace dnsd
