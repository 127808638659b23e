// Copies of a few octets whose number is known only at run time: questions, addresses, cookies.
//
// A call of memcpy takes longer than such a copy.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

namespace dnsd {

// Both ends, which overlap in the middle. Precondition: half <= size <= 2 * half.
template <size_t half>
void copy_ends(uint8_t* to, const uint8_t* from, size_t size) {
  std::array<uint8_t, half> first, last;
  std::memcpy(&first, from, half);
  std::memcpy(&last, from + size - half, half);
  std::memcpy(to, &first, half);
  std::memcpy(to + size - half, &last, half);
}

// `to` and `from` do not overlap.
inline void copy_octets(uint8_t* to, const uint8_t* from, size_t size) {
  if (size >= 16) {
    if (size <= 32) return copy_ends<16>(to, from, size);
    if (size <= 64) return copy_ends<32>(to, from, size);
    std::memcpy(to, from, size);
  } else if (size >= 8) {
    copy_ends<8>(to, from, size);
  } else {
    for (size_t i = 0; i < size; ++i) to[i] = from[i];
  }
}

}  // namespace dnsd
