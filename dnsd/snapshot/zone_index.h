// Finds the closest zone for a name: the apexes of all zones in one hash table, and how many labels they have.
//
// Thread safety: immutable after the last add(), any number of readers.
#pragma once

#include <bitset>
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
  // Preconditions: `apex` is lowercased, is not in the index, and outlives it; at most as many calls as reset() made
  // room for.
  void add(NameView apex, ZoneId id, const NameHash& hash);

  // No apex has fewer or more labels: where a search may begin and end.
  size_t fewest_labels() const { return fewest_labels_; }
  size_t most_labels() const { return most_labels_; }
  // Whether any apex has so many. Precondition: labels <= most_labels().
  bool has_labels(size_t labels) const { return depths_[labels]; }
  // The zone whose apex is exactly this lowercased name; no_zone where there is none.
  ZoneId find(Bytes lowercase, uint64_t hash) const {
    for (size_t i = place_of(hash); slots_[i].id != no_zone; i = i + 1 == slots_.size() ? 0 : i + 1) {
      const Slot& slot = slots_[i];
      if (slot.tag == static_cast<uint32_t>(hash) && slot.apex.size() == lowercase.size() &&
          same_octets(slot.apex.data(), lowercase.data(), lowercase.size())) [[likely]] {
        return slot.id;
      }
    }
    return no_zone;
  }
  void prefetch(uint64_t hash) const { __builtin_prefetch(&slots_[place_of(hash)]); }
  size_t memory() const { return slots_.capacity() * sizeof(Slot); }

 private:
  struct Slot {
    NameView apex;
    uint32_t tag = 0;  // lower half of the hash
    ZoneId id = no_zone;
  };

  // The upper half of the hash, scaled to the table.
  size_t place_of(uint64_t hash) const { return (hash >> 32) * slots_.size() >> 32; }

  std::vector<Slot> slots_;  // open addressing, at most half full
  size_t fewest_labels_ = max_labels;
  size_t most_labels_ = 0;
  std::bitset<max_labels + 1> depths_;
};

}  // namespace dnsd
