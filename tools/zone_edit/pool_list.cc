#include "tools/zone_edit/pool_list.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "dnsd/pools/in_service.h"
#include "tools/zone_edit/find.h"
#include "tools/zone_edit/table.h"

namespace dnsd {
namespace {

std::vector<std::string> names_of(const FoundPool& found) {
  std::vector<std::string> names;
  for (const NameRule& rule : found.zone->names)
    if (rule.pool == found.pool->name) names.push_back(to_text(rule.owner));
  return names;
}

Json pool_json(const FoundPool& found) {
  const PoolDefinition& pool = *found.pool;
  Json json = {{"pool", pool.name}, {"zone", to_text(found.zone->origin)}, {"ttl", pool.ttl}, {"cap", pool.cap}};
  json["rotation"] = pool.rotation;
  json["names"] = names_of(found);
  json["members"] = Json::array();
  const std::vector<MemberVerdict> verdicts = in_service(pool);
  for (size_t i = 0; i < pool.members.size(); ++i) {
    const PoolMember& member = pool.members[i];
    json["members"].push_back({{"address", to_text(member.address)},
                               {"state", to_text(member.state)},
                               {"weight", member.weight},
                               {"site", member.site},
                               {"handed_out", verdicts[i].served},
                               {"why", verdicts[i].reason}});
  }
  return json;
}

void print_pool(const Session& session, const FoundPool& found) {
  const PoolDefinition& pool = *found.pool;
  const std::vector<MemberVerdict> verdicts = in_service(pool);
  const auto served = std::ranges::count(verdicts, true, &MemberVerdict::served);
  session.out << pool.name << " in " << to_text(found.zone->origin) << ": ttl " << pool.ttl << ", cap " << pool.cap
              << ", rotation " << pool.rotation << ", " << served << " of " << counted(pool.members.size(), "member")
              << " handed out\n";
  for (const std::string& name : names_of(found)) session.out << "  answers " << name << '\n';
  Table table({"ADDRESS", "STATE", "WEIGHT", "SITE", "HANDED OUT"});
  for (size_t i = 0; i < pool.members.size(); ++i) {
    const PoolMember& member = pool.members[i];
    const std::string reason = member.state == MemberState::in ? "" : ", " + std::string(verdicts[i].reason);
    table.add({to_text(member.address), std::string(to_text(member.state)), std::to_string(member.weight),
               member.site, (verdicts[i].served ? "yes" : "no") + reason});
  }
  session.out << table.to_text(2);
}

}  // namespace

int list_pools(const Session& session, const PoolFilter& filter) {
  const std::optional<DataDirectory> data = load_or_refuse(session);
  if (!data) return exit_status::refused;
  std::vector<const ZoneConfig*> zones = zone_configs(*data);
  if (!filter.zone.empty()) {
    const Result<const ZoneConfig*> zone = find_zone(zones, filter.zone);
    if (!zone) return refuse(session, zone.failure().message);
    zones = {*zone};
  }
  std::vector<FoundPool> found;
  for (const ZoneConfig* zone : zones)
    for (const PoolDefinition& pool : zone->pools)
      if (filter.pool.empty() || pool.name == filter.pool) found.push_back({zone, &pool});
  if (found.empty() && !filter.pool.empty())
    return refuse(session, find_pool(zones, filter.pool, "").failure().message);
  Json json = {{"pools", Json::array()}};
  for (const FoundPool& one : found) {
    if (session.json) {
      json["pools"].push_back(pool_json(one));
    } else {
      if (&one != &found.front()) session.out << '\n';
      print_pool(session, one);
    }
  }
  if (session.json) print_json(session, json);
  return exit_status::done;
}

}  // namespace dnsd
