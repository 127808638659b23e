// Which clients count as one: the first bits of an address, and a number for what they say.
#pragma once

#include <cstdint>

#include "base/ip_address.h"
#include "dnsd/pools/pool_definition.h"

namespace dnsd {

inline unsigned bits_of(const ClientNetwork& network, Family family) {
  return family == Family::ipv4 ? network.ipv4 : network.ipv6;
}

// The finalizer of SplitMix64: every bit of the result depends on every bit of x.
constexpr uint64_t mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// The first `bits` of an address, the others 0, as two numbers; IPv4 in the upper half of the first.
struct NetworkKey {
  uint64_t high = 0;
  uint64_t low = 0;
  bool operator==(const NetworkKey&) const = default;
};

inline NetworkKey network_key(const IpAddress& address, unsigned bits) {
  const uint8_t* p = address.octets().data();
  const auto half = [](const uint8_t* at) { return uint64_t{load32(at)} << 32 | load32(at + 4); };
  const auto mask = [](unsigned n) { return n == 0 ? 0 : ~uint64_t{0} << (64 - n); };
  if (address.family() == Family::ipv4) return {uint64_t{load32(p)} << 32 & mask(bits), 0};
  return {half(p) & mask(bits < 64 ? bits : 64), half(p + 8) & mask(bits > 64 ? bits - 64 : 0)};
}

// The same on every server, for ever: it needs no secret, since who could choose it chooses only among answers.
constexpr uint64_t hash_of(const NetworkKey& key, Family family) {
  return mix(key.high + mix(key.low + (family == Family::ipv4 ? 4 : 6) * 0x9e3779b97f4a7c15));
}

}  // namespace dnsd
