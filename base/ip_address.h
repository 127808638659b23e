// IPv4 and IPv6 addresses and prefixes, as values: text and octets, canonical form.
//
// An IPv4-mapped IPv6 address (::ffff:192.0.2.1, RFC 4291 2.5.5.2) is another way to write the IPv4 address: a dual
// stack socket reports IPv4 peers so. unmapped() turns it into what it means.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace dnsd {

enum class Family : uint8_t { ipv4, ipv6 };

constexpr unsigned address_bits(Family family) { return family == Family::ipv4 ? 32 : 128; }

class IpAddress {
 public:
  IpAddress() = default;  // 0.0.0.0
  // In the header, since each query makes one of its source.
  static IpAddress v4(const std::array<uint8_t, 4>& octets) {
    IpAddress a;
    std::copy(octets.begin(), octets.end(), a.octets_.begin());
    return a;
  }
  static IpAddress v6(const std::array<uint8_t, 16>& octets) {
    IpAddress a;
    a.family_ = Family::ipv6;
    a.octets_ = octets;
    return a;
  }
  // Dotted quad without leading zeros, or RFC 4291 text; no zone (%eth0), no brackets, no port.
  static Result<IpAddress> parse(std::string_view text);

  Family family() const { return family_; }
  Bytes octets() const { return {octets_.data(), family_ == Family::ipv4 ? 4u : 16u}; }
  bool bit(unsigned index) const { return (octets_[index / 8] >> (7 - index % 8)) & 1; }  // from the left, from 0
  IpAddress unmapped() const;
  IpAddress with_low_bits_cleared(unsigned prefix_length) const;

  // IPv4 before IPv6, then by number.
  auto operator<=>(const IpAddress&) const = default;

 private:
  Family family_ = Family::ipv4;
  std::array<uint8_t, 16> octets_{};  // unused ones are zero
};

std::string to_text(const IpAddress& address);  // RFC 5952 for IPv6

// A prefix in canonical form: no bit set to the right of its length.
class IpPrefix {
 public:
  IpPrefix() = default;  // 0.0.0.0/0
  // Precondition: length <= address_bits(family). Host bits are cleared.
  IpPrefix(const IpAddress& address, unsigned length);
  // "192.0.2.8/29"; with host bits set a failure that names the canonical form. A bare address is /32 or /128.
  static Result<IpPrefix> parse(std::string_view text);

  const IpAddress& address() const { return address_; }
  Family family() const { return address_.family(); }
  unsigned length() const { return length_; }
  bool is_single() const { return length_ == address_bits(family()); }
  bool contains(const IpAddress& address) const;
  bool contains(const IpPrefix& other) const;
  bool overlaps(const IpPrefix& other) const { return contains(other) || other.contains(*this); }

  // By family, first address, then length: a prefix comes before those inside it.
  auto operator<=>(const IpPrefix&) const = default;

 private:
  IpAddress address_;
  uint8_t length_ = 0;
};

std::string to_text(const IpPrefix& prefix);

}  // namespace dnsd
