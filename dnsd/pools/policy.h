// What every rotation policy is asked.
#pragma once

#include <cstdint>

#include "dnsd/pools/rotation.h"

namespace dnsd {

struct WindowRequest {
  uint32_t ring_size;  // members in service, at least 1
  uint32_t take;       // members in this answer, 1..ring_size
};

}  // namespace dnsd
