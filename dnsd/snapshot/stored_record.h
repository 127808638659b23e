// The form in which records wait to be copied into answers, whole but for the owner: that is a compression pointer to
// the question's name, at octet 12 of every message (RFC 1035 4.1.4).
//
//   C0 0C | type | class | TTL | RDLENGTH | RDATA …
//     0      2      4       6       10       12
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "zones/rr_types.h"

namespace dnsd::stored_record {

inline constexpr size_t owner_size = 2;
inline constexpr size_t ttl_at = 6;
inline constexpr size_t rdlength_at = 10;
inline constexpr size_t rdata_at = 12;

inline std::array<uint8_t, rdata_at> head(uint16_t type, uint32_t ttl, size_t rdata_size,
                                          uint16_t klass = rr_class::IN) {
  std::array<uint8_t, rdata_at> octets;
  store16(&octets[0], 0xc00c);
  store16(&octets[2], type);
  store16(&octets[4], klass);
  store32(&octets[ttl_at], ttl);
  store16(&octets[rdlength_at], static_cast<uint16_t>(rdata_size));
  return octets;
}

// Octets of the record that begins at `record`.
inline size_t size(const uint8_t* record) { return rdata_at + load16(record + rdlength_at); }

}  // namespace dnsd::stored_record
