// Finds the closest zone for a name: the apexes of all zones in one hash table, and how many labels they have.
//
// Thread safety: immutable after the last add(), any number of readers.
#pragma once

#include <cstdint>
#include <vector>

#include "dnsd/snapshot/name_hash.h"
#include "zones/name.h"

namespace dnsd {

using ZoneId = uint32_t;
constexpr ZoneId no_zone = UINT32_MAX;

class ZoneIndex {
 public:
  // Makes room for `zones` apexes and forgets those it had.
  void reset(size_t zones);
  // Precondition: `apex` is not in the index; at most as many calls as reset() made room for.
  void add(NameView apex, ZoneId id, const NameHash& hash);

  // No apex has fewer or more labels: where a search may begin and end.
  size_t fewest_labels() const { return fewest_labels_; }
  size_t most_labels() const { return most_labels_; }
  // The zone whose apex is exactly this lowercased name; no_zone where there is none.
  ZoneId find(Bytes lowercase, uint64_t hash) const;

 private:
  struct Slot {
    uint64_t hash = 0;
    ZoneId id = no_zone;
    Name apex;
  };

  std::vector<Slot> slots_;  // open addressing, a power of two, at most half full
  size_t fewest_labels_ = max_labels;
  size_t most_labels_ = 0;
};

}  // namespace dnsd
