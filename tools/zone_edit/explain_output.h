// An explanation in words for people, and as JSON for scripts.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tools/zone_edit/explain.h"
#include "tools/zone_edit/session.h"

namespace dnsd {

// `client_given`: whether the question named who asks, or 0.0.0.0 was taken for it.
std::string to_text(const Explanation& explanation, const ExplainQuestion& question, bool client_given);
Json to_json(const Explanation& explanation, const ExplainQuestion& question, bool client_given);

// "clients of the pinned set 'proxy' get the set, everybody else the pool 'street'"
std::string rule_text(const NameRule& rule);
std::string place_text(const Place& place);  // "zones/example.yaml:25"

}  // namespace dnsd
