#include "tools/zone_edit/find.h"

#include "base/text.h"

namespace dnsd {
namespace {

constexpr size_t most_listed = 10;

// "; did you mean 'x'?", or what there is, where that is not too much.
std::string way_out(const std::string& word, const std::vector<std::string>& known) {
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  if (const std::string_view near = closest(word, candidates); !near.empty())
    return "; did you mean '" + std::string(near) + "'?";
  if (known.empty() || known.size() > most_listed) return {};
  std::string text = known.size() == 1 ? "; there is only" : "; there are";
  for (const std::string& name : known) text.append(&name == &known.front() ? " " : ", ").append(name);
  return text;
}

std::string without_final_dot(NameView name) {
  std::string text = to_text(name);
  if (text.size() > 1) text.pop_back();
  return text;
}

}  // namespace

std::vector<const ZoneConfig*> zone_configs(std::span<const ZoneConfig> zones) {
  std::vector<const ZoneConfig*> configs;
  for (const ZoneConfig& zone : zones) configs.push_back(&zone);
  return configs;
}

std::vector<const ZoneConfig*> zone_configs(const DataDirectory& data) {
  std::vector<const ZoneConfig*> configs;
  for (const LoadedZone& zone : data.zones) configs.push_back(&zone.config);
  return configs;
}

Result<const ZoneConfig*> find_zone(std::span<const ZoneConfig* const> zones, const std::string& text) {
  const Result<Name> name = Name::parse(text);
  if (!name) return name.failure();
  std::vector<std::string> known;
  for (const ZoneConfig* zone : zones) {
    if (zone->origin.view() == name->view()) return zone;
    known.push_back(without_final_dot(zone->origin));
  }
  return Failure{"there is no zone '" + without_final_dot(*name) + "'" + way_out(without_final_dot(*name), known)};
}

Result<Name> find_owner(const std::string& text, const ZoneConfig& zone) {
  const Result<Name> absolute = Name::parse(text);
  if (text != "@" && absolute && absolute->view().is_at_or_below(zone.origin)) return *absolute;
  const Result<Name> name = Name::parse(text, zone.origin);
  if (!name) return name.failure();
  if (name->view().is_at_or_below(zone.origin)) return *name;
  return Failure{to_text(*name) + " is not in the zone " + to_text(zone.origin)};
}

Result<FoundPool> find_pool(std::span<const ZoneConfig* const> zones, const std::string& name,
                            const std::string& zone_text) {
  std::vector<const ZoneConfig*> candidates(zones.begin(), zones.end());
  if (!zone_text.empty()) {
    const Result<const ZoneConfig*> zone = find_zone(zones, zone_text);
    if (!zone) return zone.failure();
    candidates = {*zone};
  }
  std::vector<FoundPool> found;
  std::vector<std::string> known;
  for (const ZoneConfig* zone : candidates) {
    for (const PoolDefinition& pool : zone->pools) {
      if (pool.name == name) found.push_back({zone, &pool});
      known.push_back(pool.name);
    }
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) return Failure{"there is no pool '" + printable(name) + "'" + way_out(name, known)};
  std::string text = "there is a pool '" + name + "' in each of";
  for (const FoundPool& one : found) text += " " + without_final_dot(one.zone->origin);
  return Failure{text + "; say which with --zone"};
}

}  // namespace dnsd
