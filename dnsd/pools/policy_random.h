// random: any answer, whatever came before. No state, no correlation between answers; shares are even on average only.
#pragma once

#include <string_view>

#include "dnsd/pools/even_rows.h"
#include "dnsd/pools/policy.h"

namespace dnsd {

struct RandomPolicy {
  static constexpr std::string_view name = "random";

  static AnswerList rows(std::span<const RingMember> members, unsigned cap) { return even_rows(members, cap); }

  static Window start(const WindowRequest& request, RotationState::Cursor&, Random& random) {
    return {random.below(request.list.rows), random.below(request.list.take)};
  }
};

}  // namespace dnsd
