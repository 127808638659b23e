#include "dnsd/pools/rotation.h"

namespace dnsd {

void RotationState::grow(uint32_t slots) {
  const auto before = static_cast<uint32_t>(cursors.size());
  cursors.resize(slots);
  for (uint32_t i = before; i < slots; ++i) cursors[i].first = static_cast<uint32_t>(random.next());
}

}  // namespace dnsd
