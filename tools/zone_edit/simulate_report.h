// What a simulation found, for people, for scripts, and as a picture.
//
// Pure; thread safety: none needed.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "tools/zone_edit/bar_chart.h"
#include "tools/zone_edit/simulate.h"

namespace dnsd {

struct SimulationReport {
  std::string zone;  // with the final dot
  const PoolDefinition& pool;
  SimulationSettings settings;
  std::vector<RingResult> rings;
};

// What is far from what one would expect, a sentence each.
std::vector<std::string> remarks(const SimulationReport& report, const RingResult& ring);

// Tables and a bar chart: of pools with more than 40 members in service those with the most and the least load.
std::string simulation_text(const SimulationReport& report, const ChartStyle& style);
nlohmann::ordered_json simulation_json(const SimulationReport& report);
std::string simulation_svg(const SimulationReport& report);

}  // namespace dnsd
