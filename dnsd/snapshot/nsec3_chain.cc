#include "dnsd/snapshot/nsec3_chain.h"

#include <algorithm>
#include <cstring>

namespace dnsd {

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

// A wildcard whose name would be too long exists nowhere: nobody needs a proof of that.
Nsec3Chain::Place Nsec3Chain::place_of_wildcard(NameView lowercase) const {
  uint8_t wildcard[2 + max_name_octets] = {1, '*'};
  std::memcpy(wildcard + 2, lowercase.data(), lowercase.size());
  return find(Bytes(wildcard, 2 + lowercase.size()));
}

}  // namespace dnsd
