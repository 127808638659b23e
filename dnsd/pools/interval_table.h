// Numbers cut into intervals, each with a value; which interval a number lies in, and how far around it that is so.
//
// A tree of blocks: all numbers with the same first bits. What has no boundary inside is one word; a few boundaries are a
// list; more are an index over the bits that follow those which all of them have in common, wherever these are:
//
//   2001:db8::/32 with 10,000 boundaries      index by bits 32 to 43 ->  list of 3: 00a1, 00a2, 0700 | their values
//                                                                   ->  nothing inside: value and scope
//                                                                   ->  list of 2 …
//
// so that crowds are found as fast as loners: two cache misses however many boundaries there are, one where no boundary
// is near. A list has of each boundary only the bits that its block does not say, 16 for most: with the values beside
// them it is a cache line or a part of one.
//
// A million prefixes: a lookup that waits for the last one, and octets for a prefix, beside binary search in the buckets
// of one index, with boundaries in full and values elsewhere (on a machine where one cache miss takes 160 to 230 ns):
//
//   IPv4 /24 anywhere         356 -> 238 ns   13.5 -> 14.0
//   IPv6 /48 anywhere         422 -> 246 ns   22.1 -> 15.9
//   IPv6 /56 in 200 /32s      512 -> 268 ns   22.1 -> 14.6
//   IPv6 /128 in 200 /64s     828 -> 315 ns   38.1 -> 24.2
//
// Thread safety: immutable, any number of readers.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace dnsd {

using Key128 = unsigned __int128;

template <typename Key>  // uint32_t or Key128
class IntervalTable {
 public:
  using Value = uint16_t;
  static constexpr Value none = UINT16_MAX;  // before the first boundary
  static constexpr unsigned key_bits = sizeof(Key) * 8;

  struct Found {
    Value value;
    uint8_t scope;  // the length of the shortest prefix around the number in which all have this value
  };

  static unsigned common_bits(Key a, Key b) { return leading_zeros(static_cast<Key>(a ^ b)); }

  IntervalTable() = default;
  // `starts` are the first numbers of the intervals, ascending; no two neighbours have the same value.
  IntervalTable(const std::vector<Key>& starts, const std::vector<Value>& values) {
    if (starts.empty()) return;
    Builder builder{starts, values, words_};
    root_ = builder.block(starts.front() == 0 ? 1 : 0, starts.size(), 0, 0);
    // Lists are read a little beyond their ends, and thrown away what was read.
    words_.insert(words_.end(), sizeof(Key) / 4 + 1, 0);
    words_.shrink_to_fit();
  }

  bool empty() const { return words_.empty(); }
  size_t memory() const { return words_.capacity() * sizeof(uint32_t); }

  // Fetches into the cache what find() looks at: step 0 the word of the first index, step 1, when that is there, the block
  // that it names.
  void prefetch(Key key, unsigned step) const {
    if (!(root_ & is_place)) return;
    const uint32_t* at = &words_[root_ & ~is_place];
    if (static_cast<Kind>(at[0] >> kind_at) != Kind::index) return;
    const unsigned skipped = at[1] >> 16, bits = at[0] >> 16 & 0xff;
    const uint32_t* word = at + index_head + static_cast<size_t>(static_cast<Key>(key << skipped) >> (key_bits - bits));
    if (step == 0) __builtin_prefetch(word);
    else if (*word & is_place) __builtin_prefetch(&words_[*word & ~is_place]);
  }

  Found find(Key key) const {
    uint32_t word = root_;
    unsigned depth = 0;
    while (word & is_place) {
      const uint32_t* at = &words_[word & ~is_place];
      switch (static_cast<Kind>(at[0] >> kind_at)) {
        case Kind::list16: return in_list<uint16_t>(at, key, depth);
        case Kind::list32: return in_list<uint32_t>(at, key, depth);
        case Kind::list64: return in_list<uint64_t>(at, key, depth);
        case Kind::list128: return in_list<Key128>(at, key, depth);
        case Kind::index: break;
      }
      Key block;
      std::memcpy(&block, at + 2, sizeof block);
      const unsigned skipped = at[1] >> 16, common = common_bits(key, block);
      if (common < skipped)
        return {static_cast<Value>(key < block ? at[0] : at[1]), static_cast<uint8_t>(common + 1)};
      const unsigned bits = at[0] >> 16 & 0xff;
      word = at[index_head + static_cast<size_t>(static_cast<Key>(key << skipped) >> (key_bits - bits))];
      depth = skipped + bits;
    }
    return {static_cast<Value>(word), static_cast<uint8_t>(word >> 16)};
  }

 private:
  // A word of an index says what a block is: a value (16 bits) and a scope above it, or the place of one of these:
  //
  //   index     kind | bits | value before it  ;  bits skipped | value after it  ;  the block that it divides  ;  words
  //   list      kind | length | value before it  ;  boundaries  ;  values
  enum class Kind : uint8_t { index, list16, list32, list64, list128 };
  static constexpr uint32_t is_place = 0x80000000;
  static constexpr unsigned kind_at = 24;
  static constexpr size_t index_head = 2 + sizeof(Key) / 4;
  static constexpr size_t most_in_list = 16;

  static unsigned leading_zeros(Key key) {
    if constexpr (sizeof(Key) == 4) {
      return static_cast<unsigned>(std::countl_zero(key));
    } else {
      const auto high = static_cast<uint64_t>(key >> 64), low = static_cast<uint64_t>(key);
      return static_cast<unsigned>(high != 0 ? std::countl_zero(high) : 64 + std::countl_zero(low));
    }
  }

  // The bits of a key that follow the first `depth`, as many as there is room for.
  template <typename Part>
  static Part part_of(Key key, unsigned depth) {
    constexpr unsigned room = sizeof(Part) * 8;
    if constexpr (room > key_bits) return Part{0};  // such lists are never made
    else return static_cast<Part>(static_cast<Key>(key << depth) >> (key_bits - room));
  }

  template <typename Part>
  static unsigned leading_zeros_of(Part part) {
    if constexpr (sizeof(Part) == 16) return leading_zeros(static_cast<Key>(part));
    else return static_cast<unsigned>(std::countl_zero(part));
  }

  // Without a branch but for the length: what is found decides nothing before it is needed, and the processor goes on
  // with the rest of the answer, and with the next query, while it waits for memory.
  template <typename Part>
  static Found in_list(const uint32_t* at, Key key, unsigned depth) {
    const auto* parts = reinterpret_cast<const uint8_t*>(at + 1);
    const auto load = [&](ptrdiff_t i) {
      Part part;
      std::memcpy(&part, parts + i * static_cast<ptrdiff_t>(sizeof part), sizeof part);
      return part;
    };
    const ptrdiff_t length = at[0] >> 16 & 0xff;
    const Part own = part_of<Part>(key, depth);
    ptrdiff_t n = 0;  // boundaries at or before the key
    for (ptrdiff_t i = 0; i < length; ++i) n += load(i) <= own ? 1 : 0;
    // The largest block around the key that reaches neither the number before its interval nor the one after it.
    const unsigned left = leading_zeros_of(static_cast<Part>(own ^ static_cast<Part>(load(n > 0 ? n - 1 : 0) - 1)));
    const unsigned right = leading_zeros_of(static_cast<Part>(own ^ load(n)));
    const unsigned common = std::max(n > 0 ? left : 0, n < length ? right : 0);
    Value value;
    std::memcpy(&value, n > 0 ? parts + length * static_cast<ptrdiff_t>(sizeof(Part)) + (n - 1) * 2
                              : reinterpret_cast<const uint8_t*>(at), sizeof value);
    return {value, static_cast<uint8_t>(depth + common + 1)};
  }

  struct Builder {
    const std::vector<Key>& starts;
    const std::vector<Value>& values;
    std::vector<uint32_t>& words;

    // The word for the block that begins at `first_key` and is `depth` bits deep. Inside, behind its first number, are
    // the boundaries from `first` to `last`.
    uint32_t block(size_t first, size_t last, Key first_key, unsigned depth) {
      if (first == last) return uint32_t{scope(first, first_key)} << 16 | value_before(first);
      if (last - first > most_in_list) return index(first, last);
      const unsigned needed = last_bit(first, last) - depth;
      if (needed <= 16) return list<uint16_t>(Kind::list16, first, last, depth);
      if (needed <= 32) return list<uint32_t>(Kind::list32, first, last, depth);
      if (needed <= 64) return list<uint64_t>(Kind::list64, first, last, depth);
      return list<Key128>(Kind::list128, first, last, depth);
    }

    // The bits of a key that boundaries need at most.
    unsigned last_bit(size_t first, size_t last) const {
      unsigned zeros = key_bits;
      for (size_t i = first; i < last; ++i) zeros = std::min(zeros, trailing_zeros(starts[i]));
      return key_bits - zeros;
    }

    template <typename Part>
    uint32_t list(Kind kind, size_t first, size_t last, unsigned depth) {
      const size_t place = words.size(), length = last - first;
      words.resize(place + 1 + (length * (sizeof(Part) + 2) + 3) / 4);
      words[place] = head(kind, length, value_before(first));
      auto* at = reinterpret_cast<uint8_t*>(&words[place + 1]);
      for (size_t i = first; i < last; ++i, at += sizeof(Part)) {
        const Part part = part_of<Part>(starts[i], depth);
        std::memcpy(at, &part, sizeof part);
      }
      std::memcpy(at, &values[first], length * 2);
      return is_place | static_cast<uint32_t>(place);
    }

    uint32_t index(size_t first, size_t last) {
      const unsigned skipped = common_bits(starts[first], starts[last - 1]);
      const Key key = skipped == 0 ? 0 : static_cast<Key>(starts[first] >> (key_bits - skipped) << (key_bits - skipped));
      // A word for one or two boundaries: most blocks then have none or two inside, the ends of one prefix. Where boundaries
      // are long a word for four, to keep a million /128 near 24 octets each.
      const unsigned less = sizeof(Key) == 4 ? 1 : last_bit(first, last) - skipped > 48 ? 3 : 2;
      const auto wanted = static_cast<unsigned>(std::bit_width(last - first)) - less;
      const unsigned bits = std::min(wanted, key_bits - skipped);
      const size_t place = words.size();
      words.resize(place + index_head + (size_t{1} << bits));
      words[place] = head(Kind::index, bits, value_before(first));
      words[place + 1] = skipped << 16 | values[last - 1];
      std::memcpy(&words[place + 2], &key, sizeof key);
      for (size_t i = 0; i < size_t{1} << bits; ++i) {
        const unsigned below = key_bits - skipped - bits;
        const Key from = static_cast<Key>(key | static_cast<Key>(i) << below);
        const Key to = static_cast<Key>(from | ((static_cast<Key>(1) << below) - 1));
        if (first < last && starts[first] == from) ++first;
        size_t end = first;
        while (end < last && starts[end] <= to) ++end;
        const uint32_t word = block(first, end, from, skipped + bits);
        words[place + index_head + i] = word;
        first = end;
      }
      return is_place | static_cast<uint32_t>(place);
    }

    static uint32_t head(Kind kind, size_t number, Value before) {
      return static_cast<uint32_t>(kind) << kind_at | static_cast<uint32_t>(number) << 16 | before;
    }

    static unsigned trailing_zeros(Key key) {
      if constexpr (sizeof(Key) == 4) {
        return static_cast<unsigned>(std::countr_zero(key));
      } else {
        const auto low = static_cast<uint64_t>(key), high = static_cast<uint64_t>(key >> 64);
        return static_cast<unsigned>(low != 0 ? std::countr_zero(low) : 64 + std::countr_zero(high));
      }
    }

    Value value_before(size_t next) const { return next == 0 ? none : values[next - 1]; }

    // Of a key between the boundary `next` and the one before it.
    uint8_t scope(size_t next, Key key) const {
      unsigned bits = 0;
      if (next > 0 && starts[next - 1] != 0) bits = common_bits(key, static_cast<Key>(starts[next - 1] - 1)) + 1;
      if (next < starts.size()) bits = std::max(bits, common_bits(key, starts[next]) + 1);
      return static_cast<uint8_t>(bits);
    }
  };

  std::vector<uint32_t> words_;
  uint32_t root_ = none;  // all numbers
};

}  // namespace dnsd
