// THE table of verbs. A new verb is a file verb_x.cc, a row in verb_table.cc and its tests.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "tools/zone_edit/session.h"

namespace CLI {
class App;
}

namespace dnsd {

// What the command line asked for; returns the exit status. Set by the verb (or its sub-verb) that was given.
using Action = std::function<int(const Session&)>;

struct Verb {
  std::string_view name;
  std::string_view summary;  // one line of the overall help
  // Adds arguments, sub-verbs and examples; the callback of what was chosen sets `action`, which outlives the App.
  void (*setup)(CLI::App& app, Action& action);
};

std::span<const Verb> verbs();

// For the setup of a verb that has no arguments and no sub-verbs: `given` is what it does, `footer` ends its help. So its
// file needs nothing of CLI11, which is slow to compile.
void set_only_action(CLI::App& app, Action& action, int (*given)(const Session&), const char* footer);

void setup_check(CLI::App& app, Action& action);
void setup_explain(CLI::App& app, Action& action);
void setup_feed(CLI::App& app, Action& action);
void setup_ledger(CLI::App& app, Action& action);
void setup_pin(CLI::App& app, Action& action);
void setup_pool(CLI::App& app, Action& action);
void setup_record(CLI::App& app, Action& action);
void setup_reload(CLI::App& app, Action& action);
void setup_schedule(CLI::App& app, Action& action);
void setup_simulate(CLI::App& app, Action& action);
void setup_status(CLI::App& app, Action& action);

// Sub-verbs of `pin` that have files of their own.
void setup_pin_client(CLI::App& app, Action& action);
void setup_pin_edits(CLI::App& app, Action& action);
void setup_pin_import(CLI::App& app, Action& action);

}  // namespace dnsd
