// What a shaped name answers to one client now: a pinned set or a window of the pool.
#pragma once

#include <algorithm>

#include "base/instant.h"
#include "base/ip_address.h"
#include "dnsd/answer/client_subnet.h"
#include "dnsd/pools/rotation.h"
#include "dnsd/snapshot/answer_sets.h"
#include "zones/rr_types.h"

namespace dnsd {

// Whole records of one size, owner at octet 12, chosen from those of a ring or a set.
class ShapedAnswer {
 public:
  ShapedAnswer() = default;
  // All of them, in order.
  ShapedAnswer(const AddressRecords& records, Family family, uint32_t ttl)
      : records_(records.octets.data()), size_(address_record_size(family)), row_size_(records.count),
        count_(records.count), ttl_(ttl) {}
  // `count` of a row, from the place of the window on.
  ShapedAnswer(const Ring& ring, Window window, Family family, uint32_t count, uint32_t ttl)
      : records_(ring.records.data()), picks_(ring.list.row(window.row)), size_(address_record_size(family)),
        row_size_(ring.list.take), first_(window.first), count_(count), ttl_(ttl) {}

  uint32_t count() const { return count_; }
  uint32_t ttl() const { return ttl_; }
  size_t octets() const { return size_t{count_} * size_; }

  // Precondition: i < count().
  const uint8_t* record(uint32_t i) const {
    const uint32_t place = first_ + i < row_size_ ? first_ + i : first_ + i - row_size_;
    return records_ + size_t{picks_ ? picks_[place] : place} * size_;
  }
  // Writes octets() of them, with this TTL.
  void copy_to(uint8_t* out) const;

 private:
  template <uint32_t size>
  void copy_row(uint8_t* out) const;

  const uint8_t* records_ = nullptr;
  const uint16_t* picks_ = nullptr;  // null: all in order
  uint32_t size_ = 0;                // of a record
  uint32_t row_size_ = 0;
  uint32_t first_ = 0;
  uint32_t count_ = 0;
  uint32_t ttl_ = 0;
};

// Precondition: `type` is A or AAAA.
constexpr Family family_of(uint16_t type) { return type == rr_type::A ? Family::ipv4 : Family::ipv6; }

// Which pinned set a client gets at a name; null: none, it gets the pool.
struct PinnedMatch {
  const PinnedAnswers* set = nullptr;
  unsigned scope = 0;  // every client in a prefix of this length around it gets the same (RFC 7871 7.2.1)
};
inline PinnedMatch match_pinned(const Shape& shape, const ClientNetworkAddress& client) {
  if (!shape.audience) return {shape.pinned, 0};
  const PrefixTable::Match match = shape.audience->clients.match(client.address, client.bits);
  return {match.value == PrefixTable::no_class ? nullptr : shape.audience->sets[match.value], match.scope};
}

// All or nothing of a set; its TTL ends no later than the set changes.
ShapedAnswer pinned_answer(const PinnedAnswers& pinned, Family family, Instant now);

// At most `room` octets of records: a window is narrowed to fit rather than truncated. `scope` becomes that of the answer
// where it is longer. In line, since all that calls it is the query path.
inline ShapedAnswer shape_answer(const Shape& shape, Family family, const ClientNetworkAddress& client, Instant now,
                                 size_t room, RotationState& state, unsigned& scope) {
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
