// The NSEC3 records of a zone made ready (RFC 5155): sorted by hash. Each node of the zone has the places of its own hash
// and of its wildcard's, so that a query hashes nothing but a name that does not exist.
//
// Thread safety: immutable once built, any number of readers.
#pragma once

#include <cstdint>
#include <vector>

#include "zones/nsec3.h"

namespace dnsd {

class Nsec3Chain {
 public:
  struct Record {
    Sha1 hash;
    uint32_t owner;  // offset of its name in the octets of the zone
    uint32_t rrset;  // offset of its RRset there
  };
  // Where a hash lies in the chain: at a record, or between that record and the next.
  struct Place {
    uint32_t record = 0;
    bool matches = false;
  };

  Nsec3Chain() = default;  // of a zone that has none
  // Precondition: `records` is not empty, all of them have these parameters.
  Nsec3Chain(Nsec3Parameters parameters, std::vector<Record> records);

  bool empty() const { return records_.empty(); }
  const Record& operator[](uint32_t index) const { return records_[index]; }
  Place find(Bytes lowercase) const { return find(parameters_.hash(lowercase)); }
  Place find(const Sha1& hash) const;

  // Of the name's own hash, and of that of the wildcard below it.
  Place place_of(NameView lowercase) const { return find(lowercase.wire()); }
  Place place_of_wildcard(NameView lowercase) const;

  // As nodes keep it.
  static uint32_t pack(Place place) { return place.record << 1 | uint32_t{place.matches}; }
  static Place unpack(uint32_t packed) { return {packed >> 1, (packed & 1) != 0}; }

  size_t memory() const { return records_.capacity() * sizeof(Record); }

 private:
  Nsec3Parameters parameters_;
  std::vector<Record> records_;
};

}  // namespace dnsd
