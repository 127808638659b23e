// window: each answer of a worker begins where the one before ended.
//
// With 40 members and 8 an answer, 5 answers show all 40 once:   [0..7] [8..15] [16..23] [24..31] [32..39] [0..7] …
// With 7 members and 3 an answer, 7 answers show each 3 times:   [0 1 2] [3 4 5] [6 0 1] [2 3 4] [5 6 0] [1 2 3] [4 5 6]
//
// Workers begin at different places of the ring (RotationState::stagger), so that they do not hand out the same
// members at the same time. A ring that shrinks wraps the cursor; one that grows goes on where it was.
#pragma once

#include <string_view>

#include "dnsd/pools/policy.h"

namespace dnsd {

struct WindowPolicy {
  static constexpr std::string_view name = "window";

  static uint32_t start(const WindowRequest& request, RotationState::Cursor& cursor, Random&) {
    if (!cursor.started) {
      cursor.position = static_cast<uint32_t>(uint64_t{cursor.position} * request.ring_size >> 32);
      cursor.started = true;
    }
    // A compare in place of a division: only a ring that shrank needs the latter.
    const uint32_t begin = cursor.position < request.ring_size ? cursor.position : cursor.position % request.ring_size;
    const uint32_t next = begin + request.take;
    cursor.position = next >= request.ring_size ? next - request.ring_size : next;
    return begin;
  }
};

}  // namespace dnsd
