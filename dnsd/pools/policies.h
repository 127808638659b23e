// THE table of rotation policies. A policy makes the list of answers of a ring, and chooses one of them for each query.
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
#include "dnsd/pools/policy_sticky.h"
#include "dnsd/pools/policy_window.h"

namespace dnsd {

using Policies = std::tuple<WindowPolicy, RandomPolicy, StickyPolicy>;

using PolicyId = uint8_t;  // an index into Policies

std::optional<PolicyId> find_policy(std::string_view name);
std::vector<std::string_view> policy_names();
// Whether it looks at who asks: then the answer has a scope (RFC 7871).
bool knows_clients(PolicyId id);

// The list of answers of a ring.
AnswerList answer_list(PolicyId id, std::span<const RingMember> members, unsigned cap);

// The answer to a query. Precondition: the list was made by the same policy and has a row.
inline Window window_start(PolicyId id, const WindowRequest& request, RotationState::Cursor& cursor, Random& random) {
  return [&]<size_t... I>(std::index_sequence<I...>) {
    Window window{};
    (void)((id == I && (window = std::tuple_element_t<I, Policies>::start(request, cursor, random), true)) || ...);
    return window;
  }(std::make_index_sequence<std::tuple_size_v<Policies>>());
}

// The length of the shortest prefix around a client in which all get the answer of the client; 0 for policies that do
// not look at clients.
unsigned window_scope(PolicyId id, const WindowRequest& request);

}  // namespace dnsd
