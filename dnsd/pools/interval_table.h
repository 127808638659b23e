// Numbers cut into intervals, each with a value; finding the interval of a number costs two or three cache misses
// however many there are.
//
// An index over the first bits in which the boundaries differ narrows the search to a few of them:
//
//   starts   10 | 12 | 17 | 40 | …          index by first bits:  0 -> 0, 1 -> 3, 2 -> 3, …
//
// Thread safety: immutable, any number of readers.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace dnsd {

// 128 bits, as the first and the second half.
struct Key128 {
  uint64_t high = 0;
  uint64_t low = 0;
  auto operator<=>(const Key128&) const = default;
};

template <typename Key>
class IntervalTable {
 public:
  using Value = uint16_t;

  IntervalTable() = default;
  // `starts` are the first numbers of the intervals, ascending; no two neighbours have the same value.
  IntervalTable(std::vector<Key> starts, std::vector<Value> values) : starts_(std::move(starts)), values_(std::move(values)) {
    starts_.shrink_to_fit();
    values_.shrink_to_fit();
    if (!starts_.empty()) build_index();
  }

  size_t size() const { return starts_.size(); }
  size_t memory() const {
    return starts_.capacity() * sizeof(Key) + values_.capacity() * sizeof(Value) + index_.capacity() * sizeof(uint32_t);
  }
  const Key& start(size_t interval) const { return starts_[interval]; }
  Value value(size_t interval) const { return values_[interval]; }

  // How many intervals begin at or before `key`: it lies in the one before that, or, at 0, before the first.
  size_t count_up_to(const Key& key) const {
    if (starts_.empty() || key < starts_.front()) return 0;
    if (!(key < starts_.back())) return starts_.size();
    // Between the first start and the last one the key has their first bits, too.
    const size_t bucket = bucket_of(key);
    size_t low = index_[bucket];
    for (size_t n = index_[bucket + 1] - low; n > 0;) {
      const size_t half = n / 2;
      const bool after = !(key < starts_[low + half]);
      low = after ? low + half + 1 : low;
      n = after ? n - half - 1 : half;
    }
    return low;
  }

 private:
  static uint64_t first_bits(uint32_t key) { return uint64_t{key} << 32; }
  static uint64_t first_bits(uint64_t key) { return key; }
  static uint64_t first_bits(const Key128& key) { return key.high; }

  size_t bucket_of(const Key& key) const { return (first_bits(key) << skipped_) >> 1 >> shift_; }

  void build_index() {
    const uint64_t differing = first_bits(starts_.front()) ^ first_bits(starts_.back());
    skipped_ = differing == 0 ? 0 : static_cast<unsigned>(std::countl_zero(differing));
    // A quarter as many as there are boundaries: half an octet of index for each octet of an IPv4 boundary at the most.
    const auto bits = static_cast<unsigned>(std::clamp<int>(static_cast<int>(std::bit_width(starts_.size())) - 2, 1, 24));
    shift_ = 63 - bits;
    index_.assign((size_t{1} << bits) + 1, 0);
    for (const Key& start : starts_) ++index_[bucket_of(start) + 1];
    for (size_t i = 1; i < index_.size(); ++i) index_[i] += index_[i - 1];
  }

  std::vector<Key> starts_;
  std::vector<Value> values_;
  std::vector<uint32_t> index_;  // for each bucket: how many starts are before it
  unsigned skipped_ = 0;         // first bits that all starts have in common
  unsigned shift_ = 0;
};

}  // namespace dnsd
