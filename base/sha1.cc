#include "base/sha1.h"

#include <bit>
#include <cstring>

namespace dnsd {
namespace {

using State = std::array<uint32_t, 5>;
constexpr size_t block_size = 64;

// FIPS 180-4 4.1.1 and 4.2.1: the function and the constant of each of the four times twenty rounds.
uint32_t mix(size_t round, uint32_t b, uint32_t c, uint32_t d) {
  if (round < 20) return (d ^ (b & (c ^ d))) + 0x5a827999;
  if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (round < 60) return ((b & c) | (d & (b | c))) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

// FIPS 180-4 6.1.2.
void add_block(State& state, const uint8_t* block) {
  std::array<uint32_t, 80> w;
  for (size_t i = 0; i < 16; ++i) w[i] = load32(block + 4 * i);
  for (size_t i = 16; i < 80; ++i) w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  auto [a, b, c, d, e] = state;
  for (size_t i = 0; i < 80; ++i) {
    const uint32_t next = std::rotl(a, 5) + mix(i, b, c, d) + e + w[i];
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d, state[4] + e};
}

}  // namespace

Sha1 sha1(Bytes first, Bytes second) {
  // The text, a bit 1, zeros, and the length in bits, in whole blocks (FIPS 180-4 5.1.1).
  std::array<uint8_t, sha1_most_octets + block_size + 9> text;
  const size_t size = first.size() + second.size();
  const size_t padded = (size + 9 + block_size - 1) / block_size * block_size;
  if (!first.empty()) std::memcpy(text.data(), first.data(), first.size());
  if (!second.empty()) std::memcpy(text.data() + first.size(), second.data(), second.size());
  text[size] = 0x80;
  std::memset(text.data() + size + 1, 0, padded - size - 1);
  store32(text.data() + padded - 4, static_cast<uint32_t>(8 * size));

  State state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  for (size_t at = 0; at < padded; at += block_size) add_block(state, text.data() + at);
  Sha1 digest;
  for (size_t i = 0; i < state.size(); ++i) store32(&digest[4 * i], state[i]);
  return digest;
}

}  // namespace dnsd
