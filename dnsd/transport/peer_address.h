// A socket address of either family, as the kernel wants it and as we do.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/ip_address.h"

namespace dnsd {

class PeerAddress {
 public:
  static constexpr socklen_t room = sizeof(sockaddr_in6);

  PeerAddress() : v6_{} {}
  PeerAddress(const IpAddress& address, uint16_t port) : v6_{} {
    if (address.family() == Family::ipv4) {
      v4_.sin_family = AF_INET;
      v4_.sin_port = htons(port);
      std::memcpy(&v4_.sin_addr, address.octets().data(), 4);
    } else {
      v6_.sin6_family = AF_INET6;
      v6_.sin6_port = htons(port);
      std::memcpy(&v6_.sin6_addr, address.octets().data(), 16);
    }
  }

  sockaddr* any() { return &any_; }
  const sockaddr* any() const { return &any_; }
  socklen_t size() const { return any_.sa_family == AF_INET ? sizeof v4_ : sizeof v6_; }
  uint16_t port() const { return ntohs(any_.sa_family == AF_INET ? v4_.sin_port : v6_.sin6_port); }
  bool operator==(const PeerAddress& other) const {
    const size_t octets = any_.sa_family == AF_INET ? v4_identity : sizeof v6_;
    return any_.sa_family == other.any_.sa_family && std::memcmp(&any_, &other.any_, octets) == 0;
  }
  // For small tables: equal addresses have equal ones. Not keyed, so nothing but speed may depend on it.
  uint64_t hash() const {
    uint64_t word;  // IPv4: all of it; IPv6: family and port
    std::memcpy(&word, &any_, sizeof word);
    if (any_.sa_family != AF_INET) {
      uint64_t address[2];
      std::memcpy(address, &v6_.sin6_addr, sizeof address);
      word += (address[0] * 0x9e3779b97f4a7c15) + address[1];
    }
    return (word * 0x9e3779b97f4a7c15) >> 32;
  }
  bool is_link_local() const { return any_.sa_family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&v6_.sin6_addr); }
  // An IPv4-mapped IPv6 address as IPv4.
  IpAddress address() const {
    if (any_.sa_family == AF_INET) {
      std::array<uint8_t, 4> octets;
      std::memcpy(octets.data(), &v4_.sin_addr, octets.size());
      return IpAddress::v4(octets);
    }
    std::array<uint8_t, 16> octets;
    std::memcpy(octets.data(), &v6_.sin6_addr, octets.size());
    return IpAddress::v6(octets).unmapped();
  }

 private:
  static constexpr size_t v4_identity = offsetof(sockaddr_in, sin_zero);

  union {
    sockaddr any_;
    sockaddr_in v4_;
    sockaddr_in6 v6_;
  };
};

}  // namespace dnsd
