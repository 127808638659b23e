// reload: makes the running daemon read its files again.
#include <nlohmann/json.hpp>

#include "tools/zone_edit/daemon.h"
#include "tools/zone_edit/verbs.h"

namespace dnsd {
namespace {

int reload(const Session& session) {
  using Outcome = ReloadResult::Outcome;
  const std::optional<std::string> state = state_folder_or_refuse(session);
  if (!state) return exit_status::refused;
  const ReloadResult result = reload_daemon(*state);
  for (const std::string& line : result.errors) session.err << line << '\n';
  for (const std::string& line : result.warnings) session.err << line << '\n';
  const bool loaded = result.outcome == Outcome::loaded;
  if (session.json) {
    Json json = reload_json(result);
    json["ok"] = loaded;
    print_json(session, json);
  }
  switch (result.outcome) {
    case Outcome::loaded:
      if (!session.json) session.out << "dnsd serves generation " << result.generation << '\n';
      return exit_status::done;
    case Outcome::refused:
      session.err << "zone-edit: dnsd refused its files and goes on with what it served before\n";
      return exit_status::refused;
    case Outcome::not_running:
    case Outcome::unknown: break;
  }
  session.err << "zone-edit: " << result.reason << '\n';
  return exit_status::refused;
}

}  // namespace

void setup_reload(CLI::App& app, Action& action) {
  set_only_action(
      app, action, reload,
      "Needed after files were changed by other means than zone-edit, and the daemon shall not wait until it notices "
      "by\n"
      "itself. All files are checked first: with one defect the daemon goes on with what it served before.\n"
      "\n"
      "Example:\n"
      "  zone-edit reload");
}

}  // namespace dnsd
