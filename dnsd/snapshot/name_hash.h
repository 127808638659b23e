// A keyed hash of lowercased wire names, their comparison, and the lowercasing itself.
//
// The key is random per process and secret, so that nobody can choose names that collide: a table that is full of chosen
// names is as fast as any other. Each step folds eight octets by a 64 x 64 -> 128 bit multiplication, and no length is
// left to a call of memcpy or memcmp: names are too short for it (together 130 of 1,500 instructions of an answer).
#pragma once

#include <cstdint>
#include <cstring>

#include "base/bytes.h"

namespace dnsd {

namespace octets {

template <typename Word>
Word load(const uint8_t* p) {
  Word word;
  std::memcpy(&word, p, sizeof word);
  return word;
}

// Fewer than eight, as one number: every octet of them counts.
inline uint64_t load_few(const uint8_t* p, size_t n) {
  if (n >= 4) return load<uint32_t>(p) | uint64_t{load<uint32_t>(p + n - 4)} << 32;
  return n == 0 ? 0 : p[0] | uint64_t{p[n / 2]} << 8 | uint64_t{p[n - 1]} << 16;
}

}  // namespace octets

class NameHash {
 public:
  NameHash(uint64_t key0, uint64_t key1) : seed_(key0), multiplier_(key1 | 1) {}

  // The last step takes the last eight octets, some of them for the second time.
  uint64_t operator()(Bytes lowercase_wire) const {
    const uint8_t* p = lowercase_wire.data();
    size_t n = lowercase_wire.size();
    uint64_t h = seed_ ^ n;
    if (n < 8) return fold(fold(h ^ octets::load_few(p, n)));
    for (; n > 8; n -= 8, p += 8) h = fold(h ^ octets::load<uint64_t>(p));
    return fold(fold(h ^ octets::load<uint64_t>(p + n - 8)));
  }

 private:
  uint64_t fold(uint64_t v) const {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(v ^ seed_) * multiplier_;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  }

  uint64_t seed_;
  uint64_t multiplier_;
};

inline bool same_octets(const uint8_t* a, const uint8_t* b, size_t n) {
  if (n < 8) return octets::load_few(a, n) == octets::load_few(b, n);
  for (; n > 8; n -= 8, a += 8, b += 8)
    if (octets::load<uint64_t>(a) != octets::load<uint64_t>(b)) return false;
  return octets::load<uint64_t>(a + n - 8) == octets::load<uint64_t>(b + n - 8);
}

// Sixteen octets at once, in the registers that every x86-64 and AArch64 has (elsewhere the compiler makes plain
// instructions of it): two steps for most names, where octet by octet takes 4 instructions each. Wider registers would
// have to be asked for at start and called through a pointer, which costs more than the one step that they save.
using Octets16 [[gnu::vector_size(16)]] = uint8_t;

// 'A'..'Z' get bit 0x20; others, non-ASCII among them, stay.
inline Octets16 lowercase16(Octets16 v) {
  const auto upper = static_cast<Octets16>(v - 'A' < static_cast<Octets16>(Octets16{} + 26));
  return v | (upper & 0x20);
}

// A wire name at once, length octets and all: they are at most 63, below 'A'. Octets behind the name are lowercased
// too, to a multiple of 16, as far as `from` has some. Precondition: `to` has room for as many.
inline void lowercase_copy(uint8_t* to, Bytes from, size_t name_size) {
  size_t at = 0;
  for (; at < name_size && at + 16 <= from.size(); at += 16) {
    const Octets16 lower = lowercase16(octets::load<Octets16>(&from[at]));
    std::memcpy(to + at, &lower, sizeof lower);
  }
  if (at >= name_size) return;
  Octets16 last{};
  std::memcpy(&last, &from[at], name_size - at);
  last = lowercase16(last);
  std::memcpy(to + at, &last, sizeof last);
}

}  // namespace dnsd
