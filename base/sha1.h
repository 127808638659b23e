// SHA-1 (FIPS 180-4 6.1) of short texts in one call, for NSEC3 (RFC 5155 11 knows no other hash) and for UUIDs made of
// names (RFC 9562 5.5): its weakness against collisions matters little in both. No allocation, no context to keep, no
// shared state.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace dnsd {

using Sha1 = std::array<uint8_t, 20>;

// Room for "*." before a name of 255 octets, and a salt of 255.
constexpr size_t sha1_most_octets = 512;

// Of `first` followed by `second`. Precondition: at most sha1_most_octets in all.
Sha1 sha1(Bytes first, Bytes second = {});

}  // namespace dnsd
