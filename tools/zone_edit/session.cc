#include "tools/zone_edit/session.h"

#include <nlohmann/json.hpp>

namespace dnsd {

void print_json(const Session& session, const Json& json) {
  session.out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

int refuse(const Session& session, const std::string& reason) { return refuse(session, reason, {}); }

int refuse(const Session& session, const std::string& reason, const Diagnostics& defects) {
  session.err << to_text(defects) << "zone-edit: " << reason << '\n';
  if (session.json) {
    Json json = {{"ok", false}, {"error", reason}};
    if (!defects.empty()) json["defects"] = defects_json(defects);
    print_json(session, json);
  }
  return exit_status::refused;
}

std::optional<DataDirectory> load_or_refuse(const Session& session) {
  Diagnostics defects;
  std::optional<DataDirectory> data = Loader().load(session.config, session.now, defects);
  if (!data) refuse(session, counted(defects.errors(), "error") + " in the data directory, see above", defects);
  return data;
}

Json defects_json(const Diagnostics& defects) {
  Json list = Json::array();
  for (const Diagnostic& d : defects.all()) {
    list.push_back({{"severity", d.severity == Severity::error ? "error" : "warning"},
                    {"file", d.place.file},
                    {"line", d.place.line},
                    {"column", d.place.column},
                    {"message", d.message}});
  }
  return list;
}

std::string distance_text(Instant when, Instant now) {
  const bool past = when < now;
  Duration distance = past ? now - when : when - now;
  if (distance.seconds == 0) return "now";
  const int64_t unit = distance.seconds >= days(2).seconds ? 3600 : distance.seconds >= hours(2).seconds ? 60 : 1;
  distance.seconds -= distance.seconds % unit;
  return past ? to_text(distance) + " ago" : "in " + to_text(distance);
}

}  // namespace dnsd
