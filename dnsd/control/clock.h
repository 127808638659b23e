// The clocks, for the slow side. The query path takes the contract's time once a batch (ContractClock).
#pragma once

#include <chrono>
#include <ctime>

#include "base/instant.h"
#include "dnsd/snapshot/contract_clock.h"

namespace dnsd {

inline Instant wall_clock() {
  return {std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

inline ContractClock::Reading read_clocks() {
  const auto nanoseconds = [](clockid_t id) {
    timespec now{};
    ::clock_gettime(id, &now);
    return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
  };
  return {nanoseconds(CLOCK_REALTIME), nanoseconds(CLOCK_BOOTTIME), nanoseconds(CLOCK_MONOTONIC)};
}

}  // namespace dnsd
