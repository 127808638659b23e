#include "dnsd/answer/shaping.h"

#include <algorithm>

namespace dnsd {
namespace {

ShapedAnswer pinned_answer(const PinnedAnswers& pinned, Family family, Instant now) {
  const PinnedAnswers::Period& period = pinned.at(now);
  const AddressRecords& records = period.records[static_cast<size_t>(family)];
  const int64_t left = (period.until - now).seconds;
  const bool counts_down = left < int64_t{pinned.ttl};
  return {records.octets, records.count, counts_down ? static_cast<uint32_t>(std::max<int64_t>(left, 1)) : 0};
}

ShapedAnswer window(const Ring& ring, Family family, size_t room, RotationState& state) {
  const uint32_t record = address_record_size(family);
  uint32_t take = ring.take;
  if (take * record > room) [[unlikely]] take = static_cast<uint32_t>(room / record);
  if (take == 0) return {};
  const uint32_t start = window_start(ring.policy, {ring.size, take}, state.cursors[ring.slot], state.random);
  return {Bytes(&ring.octets[start * record], take * record), take};
}

}  // namespace

bool is_pinned(const Shape& shape, const IpAddress& client) {
  return shape.pinned && (!shape.audience || shape.audience->find(client) != PrefixTable::no_class);
}

ShapedAnswer shape_answer(const Shape& shape, Family family, const IpAddress& client, Instant now, size_t room,
                          RotationState& state) {
  if (is_pinned(shape, client)) return pinned_answer(*shape.pinned, family, now);
  if (shape.pool) return window(shape.pool->rings[static_cast<size_t>(family)], family, room, state);
  return {};
}

}  // namespace dnsd
