// The NSEC3 records of a zone made ready (RFC 5155): sorted by hash, and for each node the places of its own hash and
// of its wildcard's, so that a query hashes nothing but a name that does not exist.
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
    uint32_t rrset;  // index in the RRsets of the zone
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

  // Of the nodes that were linked.
  Place of(uint32_t node) const { return unpack(links_[node].own); }
  Place wildcard_of(uint32_t node) const { return unpack(links_[node].wildcard); }
  // Hashes a node's name and the wildcard below it. Nodes are linked once, before anybody reads.
  void link(uint32_t node, NameView lowercase);
  void reserve(size_t nodes) { links_.resize(nodes); }

  size_t memory() const { return records_.capacity() * sizeof(Record) + links_.capacity() * sizeof(Links); }

 private:
  // Places, with a bit for `matches`.
  struct Links {
    uint32_t own = 0;
    uint32_t wildcard = 0;
  };
  static uint32_t pack(Place place) { return place.record << 1 | uint32_t{place.matches}; }
  static Place unpack(uint32_t packed) { return {packed >> 1, (packed & 1) != 0}; }

  Nsec3Parameters parameters_;
  std::vector<Record> records_;
  std::vector<Links> links_;
};

}  // namespace dnsd
