// Asks the running daemon over its control socket, <state>/control.sock: one line of JSON there, one line back.
//
//   {"command":"status"}  ->  {"version": …, "generation": …, "zones": […], "pools": […], …}
//   {"command":"reload","actor":"…","accept_clock":true}
//                         ->  {"ok":true,"generation":7,"warnings":[…]}  or  {"ok":false,"errors":["file:1:2: …"]}
//
// Thread safety: no shared state. Blocks for the time-out at the longest.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/instant.h"

namespace dnsd {

struct DaemonReply {
  enum class Outcome {
    answered,
    not_running,  // nobody listens: the request was not made
    unknown,      // it was made or may have been made, and no answer came
  };
  Outcome outcome;
  std::string answer;  // one JSON object, where answered
  std::string reason;  // one sentence, where not
};

constexpr Duration status_timeout{5};
constexpr Duration reload_timeout{60};  // a million records take seconds to read

std::string control_socket(const std::string& state_folder);

// `command`: one JSON object with the member "command".
DaemonReply ask_daemon(const std::string& socket_path, const nlohmann::ordered_json& command, Duration timeout);

}  // namespace dnsd
