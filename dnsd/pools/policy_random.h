// random: the window begins anywhere. No state, no correlation between answers; shares are even on average only.
#pragma once

#include <string_view>

#include "dnsd/pools/policy.h"

namespace dnsd {

struct RandomPolicy {
  static constexpr std::string_view name = "random";

  static uint32_t start(const WindowRequest& request, RotationState::Cursor&, Random& random) {
    return random.below(request.ring_size);
  }
};

}  // namespace dnsd
