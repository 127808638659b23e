// THE table of rotation policies. A policy chooses where the window of an answer begins in a ring, and nothing else:
// the answers of a pool are then finitely many complete RRsets.
//
// A new policy is a file beside policy_window.h and a row in `Policies`. The table is a list of types, so that the
// choice is a compare and a jump, not a call through a pointer.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "dnsd/pools/policy_random.h"
#include "dnsd/pools/policy_window.h"

namespace dnsd {

using Policies = std::tuple<WindowPolicy, RandomPolicy>;

using PolicyId = uint8_t;  // an index into Policies

std::optional<PolicyId> find_policy(std::string_view name);
std::vector<std::string_view> policy_names();

// The start of the window, 0 <= start < request.ring_size.
inline uint32_t window_start(PolicyId id, const WindowRequest& request, RotationState::Cursor& cursor, Random& random) {
  return [&]<size_t... I>(std::index_sequence<I...>) {
    uint32_t start = 0;
    (void)((id == I && (start = std::tuple_element_t<I, Policies>::start(request, cursor, random), true)) || ...);
    return start;
  }(std::make_index_sequence<std::tuple_size_v<Policies>>());
}

}  // namespace dnsd
