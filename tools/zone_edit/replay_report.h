// What a replay found, for people and for scripts.
//
// Pure; thread safety: none needed.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "tools/zone_edit/query_log.h"
#include "tools/zone_edit/replay.h"

namespace dnsd {

// `file` is the log's name.
std::string replay_text(const ReplayResult& result, const QueryLogSummary& log, const std::string& file);
nlohmann::ordered_json replay_json(const ReplayResult& result, const QueryLogSummary& log, const std::string& file);

}  // namespace dnsd
