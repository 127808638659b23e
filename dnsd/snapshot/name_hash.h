// A keyed hash of lowercased wire names, and the lowercasing itself.
//
// The key is random per process and secret, so that nobody can choose names that collide. Each step folds eight octets
// by a 64 x 64 -> 128 bit multiplication (about 1 instruction an octet).
#pragma once

#include <cstdint>
#include <cstring>

#include "base/bytes.h"

namespace dnsd {

class NameHash {
 public:
  NameHash(uint64_t key0, uint64_t key1) : seed_(key0), multiplier_(key1 | 1) {}

  uint64_t operator()(Bytes lowercase_wire) const {
    const uint8_t* p = lowercase_wire.data();
    size_t n = lowercase_wire.size();
    uint64_t h = seed_ ^ n;
    for (; n >= 8; n -= 8, p += 8) h = fold(h ^ load(p, 8));
    return fold(fold(h ^ load(p, n)));
  }

 private:
  static uint64_t load(const uint8_t* p, size_t n) {
    uint64_t v = 0;
    std::memcpy(&v, p, n);
    return v;
  }
  uint64_t fold(uint64_t v) const {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(v ^ seed_) * multiplier_;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  }

  uint64_t seed_;
  uint64_t multiplier_;
};

// Lowercases eight octets at once: 'A'..'Z' get bit 0x20, others, non-ASCII among them, stay.
inline uint64_t lowercase8(uint64_t octets) {
  constexpr uint64_t ones = 0x0101010101010101;
  const uint64_t low7 = octets & (0x7f * ones);
  const uint64_t above_z = low7 + (0x7f - 'Z') * ones;    // bit 7 of each octet: > 'Z'
  const uint64_t from_a = low7 + (0x80 - 'A') * ones;     // bit 7 of each octet: >= 'A'
  const uint64_t upper = ~octets & (from_a ^ above_z) & (0x80 * ones);
  return octets | upper >> 2;
}

// A wire name at once, length octets and all: they are at most 63, below 'A'.
inline void lowercase_copy(uint8_t* to, const uint8_t* from, size_t n) {
  uint64_t v = 0;
  for (; n >= 8; n -= 8, to += 8, from += 8) {
    std::memcpy(&v, from, 8);
    v = lowercase8(v);
    std::memcpy(to, &v, 8);
  }
  v = 0;
  std::memcpy(&v, from, n);
  v = lowercase8(v);
  std::memcpy(to, &v, n);
}

}  // namespace dnsd
