// What answers depend on beside zones and shaping: how the server presents itself, and its cookie secrets.
//
// Thread safety: plain data, immutable as a part of a Snapshot.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dnsd/pools/prefix_table.h"

namespace dnsd {

constexpr size_t default_udp_response = 1232;  // RFC 9715 and DNS flag day 2020: fits any path without fragments

// What the operator lets the world know; empty: nothing.
struct Identity {
  std::string id;       // NSID (RFC 5001), id.server and hostname.bind (RFC 4892); at most 255 octets
  std::string version;  // version.bind, version.server; at most 255 octets
};

enum class CookiePolicy : uint8_t {
  off,      // the option is ignored
  answer,   // a server cookie is given to who asks for one; every query is answered (RFC 7873 5.2.3)
  require,  // over UDP a client that sends cookies must have learned ours: BADCOOKIE otherwise
};

// 128 bits of SipHash key (RFC 9018 4.4).
using CookieSecret = std::array<uint8_t, 16>;

struct CookieSettings {
  CookiePolicy policy = CookiePolicy::off;
  std::vector<CookieSecret> secrets;  // the first makes cookies, all are accepted; not empty unless policy is off
};

// Whether the EDNS Client Subnet option (RFC 7871) says who a client is, and whose word is taken for it.
struct ClientSubnetSettings {
  bool used = true;
  std::optional<PrefixTable> resolvers;  // a query's source must be in a prefix of it; absent: any
};

struct ServerSettings {
  size_t udp_response_limit = default_udp_response;
  Identity identity;
  CookieSettings cookies;
  ClientSubnetSettings client_subnet;
};

}  // namespace dnsd
