// DNS cookies (RFC 7873) in the form that servers of different make can share (RFC 9018 4):
//
//   +------------------+---------+----------+-----------+----------------+
//   | client cookie, 8 | 1       | reserved | timestamp | hash, 8        |
//   |                  | version |    3     |     4     |                |
//   +------------------+---------+----------+-----------+----------------+
//
// The hash is SipHash-2-4 of all before it and the client's address, keyed by a secret. Who has a cookie that we made
// can receive at the address it sends from. Thread safety: pure functions.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "base/instant.h"
#include "base/ip_address.h"
#include "dnsd/snapshot/server_settings.h"

namespace dnsd {

constexpr size_t client_cookie_size = 8;
constexpr size_t cookie_size = 24;  // with the server's part
using CookieOctets = std::array<uint8_t, cookie_size>;

enum class CookieState : uint8_t {
  none,         // no cookie in the query
  client_only,  // the client does not know ours yet
  valid,
  invalid,      // not made by us for this client, or too old: counts as client_only where cookies are not required
};

// RFC 7873 4: eight octets, or eight and a server cookie of 8 to 32.
constexpr bool is_cookie_size(size_t octets) {
  return octets == client_cookie_size || (octets >= 2 * client_cookie_size && octets <= 5 * client_cookie_size);
}

struct CookieAnswer {
  CookieState state;
  CookieOctets cookie;  // to send: the client's own while it is fresh and of the first secret, else a new one
};

// Preconditions: is_cookie_size(option.size()), `secrets` is not empty.
CookieAnswer answer_cookie(Bytes option, const IpAddress& client, const std::vector<CookieSecret>& secrets,
                           Instant now);

}  // namespace dnsd
