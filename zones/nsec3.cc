#include "zones/nsec3.h"

#include <algorithm>

#include "base/text.h"

namespace dnsd {
namespace {

constexpr uint8_t sha1_algorithm = 1;  // RFC 5155 11: the only one there is
constexpr size_t hash_label_octets = 32;

// RFC 4648 7: 0 to 9, then A to V; -1 for others.
int base32hex_digit(uint8_t octet) {
  const uint8_t lower = ascii_lower(octet);
  if (lower >= '0' && lower <= '9') return lower - '0';
  return lower >= 'a' && lower <= 'v' ? lower - 'a' + 10 : -1;
}

}  // namespace

std::optional<Nsec3Parameters> Nsec3Parameters::read(Bytes rdata) {
  ByteReader in(rdata);
  const uint8_t algorithm = in.u8();
  in.skip(1);
  Nsec3Parameters parameters;
  parameters.iterations = in.u16();
  const Bytes salt = in.bytes(in.u8());
  if (!in.ok() || algorithm != sha1_algorithm) return std::nullopt;
  parameters.salt.assign(salt.begin(), salt.end());
  return parameters;
}

Sha1 Nsec3Parameters::hash(Bytes lowercase) const {
  Sha1 digest = sha1(lowercase, salt);
  for (unsigned i = 0; i < iterations; ++i) digest = sha1(digest, salt);
  return digest;
}

std::optional<Sha1> nsec3_owner_hash(NameView owner) {
  if (owner.data()[0] != hash_label_octets) return std::nullopt;
  Sha1 hash{};
  for (size_t i = 0; i < hash_label_octets; ++i) {
    const int digit = base32hex_digit(owner.data()[1 + i]);
    if (digit < 0) return std::nullopt;
    for (size_t bit = 0; bit < 5; ++bit) {
      const size_t at = 5 * i + bit;
      if (digit & (16 >> bit)) hash[at / 8] = static_cast<uint8_t>(hash[at / 8] | 0x80 >> at % 8);
    }
  }
  return hash;
}

std::optional<Sha1> nsec3_next_hash(Bytes rdata) {
  ByteReader in(rdata);
  in.skip(4);
  in.skip(in.u8());
  const Bytes next = in.bytes(in.u8());
  Sha1 hash;
  if (!in.ok() || next.size() != hash.size()) return std::nullopt;
  std::ranges::copy(next, hash.begin());
  return hash;
}

}  // namespace dnsd
