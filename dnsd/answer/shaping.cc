#include "dnsd/answer/shaping.h"

#include <algorithm>
#include <cstring>

#include "dnsd/snapshot/stored_record.h"

namespace dnsd {
namespace {

// Returns where the next one goes. Sizes that the compiler knows are a load and a store or two.
template <uint32_t size>
uint8_t* copy_records(const uint8_t* records, const uint16_t* pick, const uint16_t* end, uint8_t* out) {
  for (; pick != end; ++pick, out += size) std::memcpy(out, records + size_t{*pick} * size, size);
  return out;
}

}  // namespace

// From its first place to the end of the row, and on from the row's beginning (8 records: 195 instructions, where each
// asked anew on which side of the end it is, are 113).
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

ShapedAnswer pinned_answer(const PinnedAnswers& pinned, Family family, Instant now) {
  const PinnedAnswers::Period& period = pinned.at(now);
  const int64_t left = std::max<int64_t>((period.until - now).seconds, 1);
  return {period.records[static_cast<size_t>(family)], family,
          static_cast<uint32_t>(std::min<int64_t>(left, pinned.ttl))};
}

}  // namespace dnsd
