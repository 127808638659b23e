// What zone-edit says about the daemon's answers.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "dnsd/config/server_config.h"
#include "tools/zone_edit/session.h"

namespace dnsd {

// Where the daemon of this configuration keeps its control socket. None where dnsd.yaml has a defect: it was told.
std::optional<std::string> state_folder_or_refuse(const Session& session);

struct ReloadResult {
  enum class Outcome { loaded, refused, not_running, unknown };
  Outcome outcome = Outcome::not_running;
  uint64_t generation = 0;          // where loaded
  std::vector<std::string> errors;  // where refused
  std::vector<std::string> warnings;
  std::string reason;  // one sentence, where not_running or unknown
};

// "zone-edit pin announce by alice": who edits, for the ledger.
std::string actor_text(const std::string& verb);

struct ReloadRequest {
  std::string actor = "zone-edit";  // for the ledger
  bool accept_clock = false;        // the clock stepped, and is right
};
ReloadResult reload_daemon(const std::string& state_folder, const ReloadRequest& request);

// {"outcome": "loaded", "generation": 7, …}
Json reload_json(const ReloadResult& result);

}  // namespace dnsd
