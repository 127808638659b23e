// The wall clock, for the slow side. The query path reads its own once a batch.
#pragma once

#include <chrono>

#include "base/instant.h"

namespace dnsd {

inline Instant wall_clock() {
  return {std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

}  // namespace dnsd
