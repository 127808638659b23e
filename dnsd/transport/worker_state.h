// What the listeners of one worker share. Belongs to the worker's thread; others may only read the counters.
#pragma once

#include <ctime>

#include "base/instant.h"
#include "dnsd/answer/batch.h"
#include "dnsd/pools/rotation.h"
#include "dnsd/snapshot/publisher.h"
#include "dnsd/transport/counters.h"

namespace dnsd {

struct WorkerState {
  WorkerState(Publisher& publisher, RotationState first_rotation)
      : reader(publisher), rotation(std::move(first_rotation)) {}

  Publisher::Reader reader;
  RotationState rotation;
  Counters counters;
  QueryBatch queries;  // of the UDP listener whose turn it is
};

// The contract's time. Whole seconds are all that answers depend on, so the kernel's last tick will do.
inline Instant clock_now(const WorkerState& state) {
  const ContractClock& clock = state.reader.clock();
  timespec now{};
  ::clock_gettime(clock.has_begun() ? CLOCK_MONOTONIC_COARSE : CLOCK_REALTIME_COARSE, &now);
  return clock.has_begun() ? clock.now(int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec) : Instant{now.tv_sec};
}

}  // namespace dnsd
