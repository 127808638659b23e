// What `zone-edit status` and `zone-edit reload` are told, as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "dnsd/control/contract_keeper.h"
#include "dnsd/control/reloader.h"

namespace dnsd {

struct StatusSource {
  const Reloader& reloader;
  nlohmann::ordered_json queries;    // counters by name
  nlohmann::ordered_json transport;  // sockets, workers, what the kernel counts, advice
  const ContractKeeper& keeper;
  const ContractClock& clock;
  Instant now;                       // the contract's
};

nlohmann::ordered_json status_json(const StatusSource& source);
nlohmann::ordered_json reload_json(const ReloadReport& report);

}  // namespace dnsd
