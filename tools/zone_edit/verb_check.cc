// check: every defect in the data directory.
#include <nlohmann/json.hpp>

#include "tools/zone_edit/verbs.h"

namespace dnsd {
namespace {

void print_summary(const Session& session, const std::optional<DataDirectory>& data, const Diagnostics& defects) {
  const std::string found = counted(defects.errors(), "error") + ", " + counted(defects.warnings(), "warning");
  if (!data) {
    session.err << "zone-edit: " << found << " in " << session.config << " and what it names\n";
    return;
  }
  size_t records = 0;
  size_t pools = 0;
  for (const LoadedZone& zone : data->zones) {
    records += zone.zone->size();
    pools += zone.config.pools.size();
  }
  session.out << found << ": " << counted(data->zones.size(), "zone") << " with " << counted(records, "record")
              << " and " << counted(pools, "pool") << ", " << counted(data->pinned_sets.size(), "pinned set") << '\n';
}

int check(const Session& session) {
  Diagnostics defects;
  const std::optional<DataDirectory> data = Loader().load(session.config, session.now, defects);
  if (session.json) {
    print_json(session, {{"ok", data.has_value()},
                         {"errors", defects.errors()},
                         {"warnings", defects.warnings()},
                         {"defects", defects_json(defects)}});
  } else {
    session.err << to_text(defects);
    print_summary(session, data, defects);
  }
  return data ? exit_status::done : exit_status::refused;
}

}  // namespace

void setup_check(CLI::App& app, Action& action) {
  set_only_action(
      app, action, check,
      "Reads everything that the configuration names, as the daemon would, and lists every defect as\n"
      "file:line:column, with the line and a caret. Nothing is changed, and no daemon is needed.\n"
      "\n"
      "Exit status: 0 if there is no error (warnings do not count), else 1.\n"
      "\n"
      "Examples:\n"
      "  zone-edit check\n"
      "  zone-edit --config /etc/dnsd/dnsd.yaml check --json");
}

}  // namespace dnsd
