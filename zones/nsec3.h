// Hashed owner names of NSEC3 (RFC 5155).
//
// Thread safety: no shared state.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/sha1.h"
#include "zones/name.h"

namespace dnsd {

// How the names of a chain are hashed (RFC 5155 3.1, 5): SHA-1 over the lowercased wire name and the salt, then so many
// times again over what came out and the salt.
struct Nsec3Parameters {
  uint16_t iterations = 0;
  std::vector<uint8_t> salt;

  // Of RDATA of NSEC3 or NSEC3PARAM, which begin alike: hash algorithm, flags, iterations, salt. None where the
  // algorithm is not SHA-1 or the RDATA too short.
  static std::optional<Nsec3Parameters> read(Bytes rdata);
  bool operator==(const Nsec3Parameters&) const = default;

  Sha1 hash(Bytes lowercase) const;
};

// The hash that an owner of NSEC3 records is, as its first label in base32hex (RFC 5155 1.3); none where it is not.
std::optional<Sha1> nsec3_owner_hash(NameView owner);

// The hash of the next name in the chain, of RDATA of NSEC3 that Nsec3Parameters::read takes; none where it is no SHA-1.
std::optional<Sha1> nsec3_next_hash(Bytes rdata);

}  // namespace dnsd
