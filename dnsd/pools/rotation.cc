#include "dnsd/pools/rotation.h"

namespace dnsd {

RotationState::RotationState(unsigned worker, unsigned workers, uint64_t seed)
    : random(seed + worker),
      stagger(workers > 0 ? static_cast<uint32_t>((uint64_t{worker} << 32) / workers) : 0) {}

void RotationState::grow(uint32_t slots) { cursors.resize(slots, Cursor{stagger, false}); }

}  // namespace dnsd
