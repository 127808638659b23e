// window: one answer after the other, each once a turn.
//
//   8 of 40 are 5 answers:   turn 1:  2 3 4 0 1    turn 2:  4 0 1 2 3    turn 3:  0 1 2 3 4
//
// Each turn begins at a random answer. Resolvers come back when a TTL has passed, and their number need only be that of
// the answers for each to get the same one for ever, if turns were alike: what is even for all would be uneven for the
// busiest of them. Workers, servers and restarts are then independent of each other, too.
//
// Each turn begins its answers one place later than the turn before: over `take` turns a member comes first as often as
// its share says.
#pragma once

#include <string_view>

#include "dnsd/pools/even_rows.h"
#include "dnsd/pools/policy.h"

namespace dnsd {

struct WindowPolicy {
  static constexpr std::string_view name = "window";

  static AnswerList rows(std::span<const RingMember> members, unsigned cap) { return even_rows(members, cap); }

  static Window start(const WindowRequest& request, RotationState::Cursor& cursor, Random& random) {
    const uint32_t rows = request.list.rows, take = request.list.take;
    if (cursor.left == 0 || cursor.row >= rows) [[unlikely]] {  // the turn is over, or the list has become shorter
      cursor.row = random.below(rows);
      cursor.left = rows;
      ++cursor.first;
    }
    if (cursor.first >= take) [[unlikely]] cursor.first %= take;
    const Window window{cursor.row, cursor.first};
    cursor.row = cursor.row + 1 == rows ? 0 : cursor.row + 1;
    --cursor.left;
    return window;
  }
};

}  // namespace dnsd
