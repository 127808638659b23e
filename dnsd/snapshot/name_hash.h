// A keyed hash of lowercased wire names, their comparison, and the lowercasing itself.
//
// The key is random per process and secret, so that nobody can choose names that collide: a table that is full of chosen
// names is as fast as any other. Each step folds eight octets by a 64 x 64 -> 128 bit multiplication, and no length is
// left to a call of memcpy or memcmp: names are too short for it.
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
  NameHash(uint64_t key0, uint64_t key1) : key0_(key0), key1_(key1) {}

  // Sixteen octets a step; the last step takes the last sixteen, some of them for the second time.
  uint64_t operator()(Bytes lowercase_wire) const {
    const uint8_t* p = lowercase_wire.data();
    size_t n = lowercase_wire.size();
    uint64_t h = key0_ ^ n;
    for (; n > 16; n -= 16, p += 16) h = fold(octets::load<uint64_t>(p) ^ key1_, octets::load<uint64_t>(p + 8) ^ h);
    const bool few = n < 8;
    const uint64_t first = few ? octets::load_few(p, n) : octets::load<uint64_t>(p);
    const uint64_t last = few ? 0 : octets::load<uint64_t>(p + n - 8);
    return fold(fold(first ^ key1_, last ^ h), key0_);
  }

 private:
  static uint64_t fold(uint64_t a, uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  }

  uint64_t key0_;
  uint64_t key1_;
};

// Both ends, which overlap in the middle, for all that is not very long.
inline bool same_octets(const uint8_t* a, const uint8_t* b, size_t n) {
  using octets::load;
  if (n < 8) return octets::load_few(a, n) == octets::load_few(b, n);
  for (; n > 16; n -= 16, a += 16, b += 16)
    if (((load<uint64_t>(a) ^ load<uint64_t>(b)) | (load<uint64_t>(a + 8) ^ load<uint64_t>(b + 8))) != 0) return false;
  if (n < 8) a -= 8 - n, b -= 8 - n, n = 8;
  return ((load<uint64_t>(a) ^ load<uint64_t>(b)) | (load<uint64_t>(a + n - 8) ^ load<uint64_t>(b + n - 8))) == 0;
}

// Sixteen octets at once, in the registers that every x86-64 and AArch64 has (elsewhere the compiler makes plain
// instructions of it): two steps for most names. Wider registers would have
// to be asked for at start and called through a pointer, which costs more than the one step that they save.
using Octets16 [[gnu::vector_size(16)]] = uint8_t;

// 'A'..'Z' get bit 0x20; others, non-ASCII among them, stay.
inline Octets16 lowercase16(Octets16 v) {
  const auto upper = static_cast<Octets16>(v - 'A' < static_cast<Octets16>(Octets16{} + 26));
  return v | (upper & 0x20);
}

// A wire name at once, length octets and all: they are at most 63, below 'A'. Octets behind the name are lowercased
// too, to a multiple of 16, as far as `from` has some. Precondition: `to` has room for as many.
inline void lowercase_copy(uint8_t* to, Bytes from, size_t name_size) {
  const size_t readable = from.size() & ~size_t{15};
  size_t at = 0;
  for (const size_t end = name_size < readable ? name_size : readable; at < end; at += 16) {
    const Octets16 lower = lowercase16(octets::load<Octets16>(from.data() + at));
    std::memcpy(to + at, &lower, sizeof lower);
  }
  if (at >= name_size) return;
  Octets16 last{};
  std::memcpy(&last, from.data() + at, name_size - at);
  last = lowercase16(last);
  std::memcpy(to + at, &last, sizeof last);
}

}  // namespace dnsd
