#include "dnsd/snapshot/nsec3_chain.h"

#include <algorithm>
#include <cstring>

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

Nsec3Chain::Nsec3Chain(Nsec3Parameters parameters, std::vector<Record> records)
    : parameters_(std::move(parameters)), records_(std::move(records)) {
  std::ranges::sort(records_, {}, &Record::hash);
}

Nsec3Chain::Place Nsec3Chain::find(const Sha1& hash) const {
  const auto after = std::ranges::upper_bound(records_, hash, {}, &Record::hash);
  // The last record covers what comes before the first (RFC 5155 3.1.7).
  const auto at = (after == records_.begin() ? records_.end() : after) - 1;
  return {static_cast<uint32_t>(at - records_.begin()), at->hash == hash};
}

void Nsec3Chain::link(uint32_t node, NameView lowercase) {
  links_[node].own = pack(find(lowercase.wire()));
  // A wildcard whose name would be too long exists nowhere: nobody needs a proof of that.
  uint8_t wildcard[2 + max_name_octets] = {1, '*'};
  std::memcpy(wildcard + 2, lowercase.data(), lowercase.size());
  links_[node].wildcard = pack(find(Bytes(wildcard, 2 + lowercase.size())));
}

}  // namespace dnsd
