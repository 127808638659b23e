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

// Whole seconds are all that answers depend on, so the kernel's last tick will do.
inline Instant clock_now() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return {now.tv_sec};
}

}  // namespace dnsd
