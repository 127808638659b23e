#include "dnsd/answer/shaping.h"

#include <algorithm>
#include <cstring>

#include "dnsd/snapshot/stored_record.h"

namespace dnsd {
namespace {

ShapedAnswer pinned_answer(const PinnedAnswers& pinned, Family family, Instant now) {
  const PinnedAnswers::Period& period = pinned.at(now);
  const int64_t left = std::max<int64_t>((period.until - now).seconds, 1);
  return {period.records[static_cast<size_t>(family)], family,
          static_cast<uint32_t>(std::min<int64_t>(left, pinned.ttl))};
}

// Returns where the next one goes. Sizes that the compiler knows are a load and a store or two.
template <uint32_t size>
uint8_t* copy_records(const uint8_t* records, const uint16_t* pick, const uint16_t* end, uint8_t* out) {
  for (; pick != end; ++pick, out += size) std::memcpy(out, records + size_t{*pick} * size, size);
  return out;
}

}  // namespace

// From its first place to the end of the row, and on from the row's beginning (8 records: 170 instructions, where each
// asked anew on which side of the end it is, are 75).
template <uint32_t size>
void ShapedAnswer::copy_row(uint8_t* out) const {
  const uint16_t* end = picks_ + std::min(first_ + count_, row_size_);
  out = copy_records<size>(records_, picks_ + first_, end, out);
  if (first_ + count_ > row_size_) copy_records<size>(records_, picks_, picks_ + (first_ + count_ - row_size_), out);
}

void ShapedAnswer::copy_to(uint8_t* out) const {
  if (!picks_) std::memcpy(out, records_, octets());
  else if (size_ == address_record_size(Family::ipv4)) copy_row<address_record_size(Family::ipv4)>(out);
  else copy_row<address_record_size(Family::ipv6)>(out);
  if (count_ == 0 || load32(out + stored_record::ttl_at) == ttl_) [[likely]] return;
  for (uint32_t i = 0; i < count_; ++i) store32(out + i * size_ + stored_record::ttl_at, ttl_);
}

PinnedMatch match_pinned(const Shape& shape, const ClientNetworkAddress& client) {
  if (!shape.audience) return {shape.pinned, 0};
  const PrefixTable::Match match = shape.audience->clients.match(client.address, client.bits);
  return {match.value == PrefixTable::no_class ? nullptr : shape.audience->sets[match.value], match.scope};
}

ShapedAnswer shape_answer(const Shape& shape, Family family, const ClientNetworkAddress& client, Instant now, size_t room,
                          RotationState& state, unsigned& scope) {
  const PinnedMatch pinned = match_pinned(shape, client);
  scope = std::max(scope, pinned.scope);
  if (pinned.set) return pinned_answer(*pinned.set, family, now);
  if (shape.page) return {shape.page->records[static_cast<size_t>(family)], family, shape.page->ttl};
  if (!shape.pool) return {};
  const CompiledPool& pool = *shape.pool;
  const auto number = static_cast<uint32_t>(family);
  const Ring& ring = pool.rings[number];
  const auto take = static_cast<uint32_t>(std::min<size_t>(ring.list.take, room / address_record_size(family)));
  if (take == 0) return {};
  const WindowRequest request{ring.list, client.address, pool.network};
  if (client.by_option) scope = std::max(scope, window_scope(pool.policy, request));
  const Window window = window_start(pool.policy, request, state.cursors[pool.first_slot + number], state.random);
  return {ring, window, family, take, pool.ttl};
}

}  // namespace dnsd
