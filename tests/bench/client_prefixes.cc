#include "client_prefixes.h"

#include <array>
#include <unordered_set>

#include "base/bytes.h"
#include "dnsd/pools/client_network.h"
#include "dnsd/pools/rotation.h"

namespace dnsd::bench {
namespace {

constexpr uint64_t clusters = 200;

unsigned length_of(Layout layout) {
  switch (layout) {
    case Layout::v4_random: return 24;
    case Layout::v6_random: return 48;
    case Layout::v6_clustered: return 56;
    case Layout::v6_hosts: return 128;
  }
  return 0;
}

uint64_t key_of(const IpPrefix& prefix) {
  const NetworkKey key = network_key(prefix.address(), prefix.length());
  return key.low == 0 ? key.high : mix(key.high ^ mix(key.low));
}

}  // namespace

const char* name_of(Layout layout) {
  constexpr const char* names[] = {"v4_random_24", "v6_random_48", "v6_clustered_56", "v6_hosts_128"};
  return names[static_cast<size_t>(layout)];
}

Family family_of(Layout layout) { return layout == Layout::v4_random ? Family::ipv4 : Family::ipv6; }

unsigned source_bits(Layout layout) {
  switch (layout) {
    case Layout::v4_random: return 24;
    case Layout::v6_random:
    case Layout::v6_clustered: return 56;
    case Layout::v6_hosts: return 128;
  }
  return 0;
}

IpAddress v6(uint64_t high, uint64_t low) {
  std::array<uint8_t, 16> octets{};
  for (unsigned i = 0; i < 8; ++i) {
    octets[i] = static_cast<uint8_t>(high >> (56 - 8 * i));
    octets[8 + i] = static_cast<uint8_t>(low >> (56 - 8 * i));
  }
  return IpAddress::v6(octets);
}

IpAddress v4(uint32_t number) {
  std::array<uint8_t, 4> octets{};
  store32(octets.data(), number);
  return IpAddress::v4(octets);
}

IpAddress address_at(Layout layout, uint64_t seed) {
  const uint64_t x = mix(seed + 0x9e3779b97f4a7c15);
  const uint64_t cluster = mix(x % clusters + 1) >> 3 | uint64_t{1} << 61;  // first half of an address in 2000::/3
  switch (layout) {
    case Layout::v4_random: return v4(static_cast<uint32_t>(x));
    case Layout::v6_random: return v6(x >> 3 | uint64_t{1} << 61, 0);
    case Layout::v6_clustered: return v6((cluster >> 32 << 32) | x >> 32, 0);
    case Layout::v6_hosts: return v6(cluster, mix(x));
  }
  return {};
}

IpPrefix prefix_at(Layout layout, uint64_t index) { return {address_at(layout, index), length_of(layout)}; }

std::vector<PrefixTable::Row> make_rows(Layout layout, size_t count, uint64_t& end) {
  std::vector<PrefixTable::Row> rows;
  std::unordered_set<uint64_t> seen;
  seen.reserve(count);
  for (end = 0; rows.size() < count; ++end) {
    const IpPrefix prefix = prefix_at(layout, end);
    if (seen.insert(key_of(prefix)).second) rows.push_back({prefix, 0});
  }
  return rows;
}

}  // namespace dnsd::bench
