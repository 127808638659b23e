#include "dnsd/control/status.h"

#include "dnsd/pools/in_service.h"

namespace dnsd {
namespace {

using Json = nlohmann::ordered_json;

Json lines(const Diagnostics& diagnostics, Severity severity) {
  Json list = Json::array();
  for (const Diagnostic& d : diagnostics.all())
    if (d.severity == severity) list.push_back(to_text(d));
  return list;
}

Json instant_or_null(std::optional<Instant> instant) { return instant ? Json(to_text(*instant)) : Json(nullptr); }

void add_zone(const LoadedZone& loaded, const ServedZone& served, Json& zones, Json& pools) {
  const std::string zone = to_text(loaded.config.origin);
  zones.push_back({{"zone", zone},
                   {"records", served.zone->record_count()},
                   {"names", served.zone->node_count()},
                   {"octets", served.zone->memory()}});
  for (const PoolDefinition& pool : loaded.config.pools) {
    pools.push_back({{"zone", zone},
                     {"pool", pool.name},
                     {"ipv4", ring_order(pool, Family::ipv4).size()},
                     {"ipv6", ring_order(pool, Family::ipv6).size()}});
  }
}

}  // namespace

Json reload_json(const ReloadReport& report) {
  return {{"ok", report.ok},
          {"at", to_text(report.at)},
          {"generation", report.generation},
          {"errors", lines(report.diagnostics, Severity::error)},
          {"warnings", lines(report.diagnostics, Severity::warning)}};
}

Json status_json(const StatusSource& source) {
  const Reloader& reloader = source.reloader;
  Json zones = Json::array(), pools = Json::array();
  if (reloader.data() && reloader.snapshot()) {
    for (size_t i = 0; i < reloader.data()->zones.size(); ++i)
      add_zone(reloader.data()->zones[i], reloader.snapshot()->zones[i], zones, pools);
  }
  return {{"version", DNSD_VERSION},
          {"generation", reloader.generation()},
          {"loaded_at", to_text(reloader.loaded_at())},
          {"zones", zones},
          {"pools", pools},
          {"feed_serial", source.keeper.shown() ? Json(source.keeper.shown()->serial) : Json(nullptr)},
          {"ledger_records", source.keeper.history().seq},
          {"clock", {{"now", to_text(source.now)},
                     {"frozen", source.clock.is_frozen()},
                     {"step_seconds", source.clock.step().seconds},
                     {"behind_seconds", source.clock.behind().seconds}}},
          {"next_change", instant_or_null(reloader.next_change(source.now))},
          {"last_reload", reload_json(reloader.last())},
          {"queries", source.queries},
          {"transport", source.transport}};
}

}  // namespace dnsd
