// EDNS (RFC 6891): the OPT record of a query, read, and that of the response, written.
//
// Thread safety: values. No allocation.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/instant.h"
#include "dnsd/answer/cookie.h"
#include "dnsd/answer/respond.h"
#include "dnsd/snapshot/server_settings.h"
#include "zones/rr_types.h"

namespace dnsd {

enum class Rcode : uint8_t {
  NOERROR = 0, FORMERR = 1, SERVFAIL = 2, NXDOMAIN = 3, NOTIMP = 4, REFUSED = 5, YXDOMAIN = 6,
  NOTAUTH = 9,
  BADVERS = 16, BADCOOKIE = 23,  // need EDNS: the upper bits travel in the OPT record (RFC 6891 6.1.3)
};

// Extended DNS Errors (RFC 8914 4): why, beside what the RCODE says.
enum class ExtendedError : uint16_t {
  other = 0,
  prohibited = 18,
  not_authoritative = 20,
  not_supported = 21,
  none = 0xffff,
};

// What the OPT record of a query says; options that mean nothing to us are not in it.
struct Edns {
  bool present = false;
  bool dnssec_ok = false;
  uint8_t version = 0;
  uint16_t payload = 0;  // what the client can take over UDP
  bool has_options = false;  // any of what follows
  bool wants_nsid = false;       // RFC 5001
  bool wants_expire = false;     // RFC 7314
  bool wants_keepalive = false;  // RFC 7828
  bool wants_padding = false;    // RFC 7830
  Bytes cookie;         // client's and perhaps server's (RFC 7873); empty: none
  Bytes client_subnet;  // as sent (RFC 7871 6); empty: none that is well-formed
  bool bad_client_subnet = false;
};

// Octets that the client takes at most.
inline size_t response_limit(const ServerSettings& settings, const Edns& edns, const Client& client) {
  constexpr size_t plain_udp_response = 512;  // RFC 1035 4.2.1
  if (client.transport != Transport::udp) return max_tcp_response;
  if (!edns.present) return plain_udp_response;
  // A payload size below 512 counts as 512 (RFC 6891 6.2.3).
  return std::clamp<size_t>(edns.payload, plain_udp_response, settings.udp_response_limit);
}

enum class OptionsForm : uint8_t {
  good,
  bad_option,  // an option that does not have its form: a format error, told with OPT
  bad_record,  // options that do not fill the record: what is no OPT record gets none back
};
// Takes in the options in the RDATA of an OPT record of version 0.
OptionsForm read_options(Bytes rdata, Edns& edns);

// The OPT record of a response. What it says is decided before the answer is written, so that its room is kept free;
// only padding and an extended error take what is left.
class ResponseOpt {
 public:
  // The references must outlive it. Without OPT in the query there is none in the response.
  ResponseOpt(const Edns& query, const Client& client, const ServerSettings& settings, Instant now)
      : query_(query), settings_(settings) {
    if (query.present) reserved_ = record_head;
    if (query.has_options) reserve_options(client, now);
  }

  // Octets that it takes at least.
  size_t reserved() const { return reserved_; }
  // What the client's cookie is worth; CookieState::none where cookies are off.
  CookieState cookie_state() const { return cookie_state_; }

  // `text` must outlive it; it is left out where there is no room for it.
  void set_error(ExtendedError error, std::string_view text = {}) {
    error_ = error;
    error_text_ = text;
  }
  // Clients within this many bits of the client subnet get the same answer. Without the option, nothing.
  void set_scope(unsigned bits) { scope_ = static_cast<uint8_t>(bits); }
  // The SOA's EXPIRE, where the query wants it.
  void set_expire(uint32_t seconds) {
    if (query_.wants_expire) expire_ = seconds;
  }

  // Writes the record to the end of a message of `size` octets that may have `limit`; the octets written.
  // Preconditions: the query has one; size + reserved() <= limit; `message` has room for limit.
  //
  //   00 | 0029 | payload | upper RCODE | version 0 | DO and 0s | RDLENGTH | options        (RFC 6891 6.1.2)
  size_t write(uint8_t* message, size_t size, size_t limit, Rcode rcode) const {
    uint8_t* record = message + size;
    record[0] = 0;
    store16(record + 1, rr_type::OPT);
    store16(record + 3, static_cast<uint16_t>(settings_.udp_response_limit));
    store32(record + 5, static_cast<uint32_t>(rcode) >> 4 << 24 | (query_.dnssec_ok ? 0x8000u : 0u));
    store16(record + 9, 0);
    const bool bare = !query_.has_options && error_ == ExtendedError::none;
    return bare ? record_head : write_options(message, size, limit);
  }

 private:
  static constexpr size_t record_head = 11;  // owner to RDLENGTH
  void reserve_options(const Client& client, Instant now);
  size_t write_options(uint8_t* message, size_t size, size_t limit) const;
  uint8_t* write_reserved(uint8_t* at) const;
  uint8_t* write_last(uint8_t* at, uint8_t* message, size_t limit) const;

  const Edns& query_;
  const ServerSettings& settings_;
  uint16_t idle_timeout_ = 0;  // 0: keepalive is not told
  bool pads_ = false;
  size_t reserved_ = 0;
  CookieState cookie_state_ = CookieState::none;
  CookieOctets cookie_;
  ExtendedError error_ = ExtendedError::none;
  std::string_view error_text_;
  std::optional<uint32_t> expire_;
  uint8_t scope_ = 0;
};

}  // namespace dnsd
