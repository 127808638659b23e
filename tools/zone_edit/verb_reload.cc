// reload: makes the running daemon read its files again.
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "tools/zone_edit/daemon.h"
#include "tools/zone_edit/verbs.h"

namespace dnsd {
namespace {

int reload(const Session& session, bool accept_clock) {
  using Outcome = ReloadResult::Outcome;
  const std::optional<std::string> state = state_folder_or_refuse(session);
  if (!state) return exit_status::refused;
  const ReloadResult result = reload_daemon(*state, {.actor = actor_text("reload"), .accept_clock = accept_clock});
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
  const auto accept_clock = std::make_shared<bool>(false);
  app.add_flag("--accept-clock", *accept_clock, "The clock stepped, and it is right now");
  app.footer(
      "Needed after files were changed by other means than zone-edit, and the daemon shall not wait until it notices by\n"
      "itself. All files are checked first: with one defect the daemon goes on with what it served before.\n"
      "\n"
      "A clock that steps by more than a minute freezes what enters and leaves pinned sets, until it is back or\n"
      "--accept-clock says that it is right. zone-edit status shows it.\n"
      "\n"
      "Examples:\n"
      "  zone-edit reload\n"
      "  zone-edit reload --accept-clock");
  app.callback([&action, accept_clock] {
    action = [accept_clock](const Session& session) { return reload(session, *accept_clock); };
  });
}

}  // namespace dnsd
