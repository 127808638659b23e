// What a shaped name answers to one client now: the pinned set or a window of the pool.
#pragma once

#include "base/instant.h"
#include "base/ip_address.h"
#include "dnsd/pools/rotation.h"
#include "dnsd/snapshot/answer_sets.h"

namespace dnsd {

// Whole records, owner at octet 12. `ttl` replaces the one that is written in them where it is not 0.
struct ShapedAnswer {
  Bytes records;
  uint32_t count = 0;
  uint32_t ttl = 0;
};

// True where this client gets the pinned set of a name that has one.
bool is_pinned(const Shape& shape, const IpAddress& client);

// At most `room` octets of records: a window is narrowed to fit rather than truncated; a pinned set is all or nothing,
// and its TTL ends no later than the set changes.
ShapedAnswer shape_answer(const Shape& shape, Family family, const IpAddress& client, Instant now, size_t room,
                          RotationState& state);

}  // namespace dnsd
