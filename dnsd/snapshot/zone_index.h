// Finds the closest zone for a name: the apexes of all zones in one hash table, and how many labels they have.
//
// Thread safety: immutable after the last add(), any number of readers.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "dnsd/snapshot/name_hash.h"
#include "zones/name.h"

namespace dnsd {

using ZoneId = uint32_t;
constexpr ZoneId no_zone = UINT32_MAX;

class ZoneIndex {
 public:
  ZoneIndex() { at_depth_.fill(none); }

  // Makes room for `zones` apexes and forgets those it had.
  void reset(size_t zones);
  // Preconditions: `apex` is lowercased, is not in the index, and outlives it; at most as many calls as reset() made
  // room for.
  void add(NameView apex, ZoneId id, const NameHash& hash);

  // No apex has fewer or more labels: where a search may begin and end.
  size_t fewest_labels() const { return fewest_labels_; }
  size_t most_labels() const { return most_labels_; }
  // The zone whose apex is exactly this lowercased name; no_zone where there is none. Many servers have one zone of so
  // many labels: then there is nothing to hash.
  ZoneId find(Bytes lowercase, size_t labels, const NameHash& hash) const {
    const uint32_t alone = at_depth_[labels];
    if (alone == several) return find_hashed(lowercase, hash(lowercase));
    return alone != none && is_apex(slots_[alone], lowercase) ? slots_[alone].id : no_zone;
  }
  size_t memory() const { return slots_.capacity() * sizeof(Slot); }

 private:
  struct Slot {
    NameView apex;
    uint32_t tag = 0;  // lower half of the hash
    ZoneId id = no_zone;
  };
  static constexpr uint32_t none = UINT32_MAX, several = UINT32_MAX - 1;

  static bool is_apex(const Slot& slot, Bytes lowercase) {
    return slot.apex.size() == lowercase.size() && same_octets(slot.apex.data(), lowercase.data(), lowercase.size());
  }
  ZoneId find_hashed(Bytes lowercase, uint64_t hash) const {
    for (size_t i = place_of(hash); slots_[i].id != no_zone; i = i + 1 == slots_.size() ? 0 : i + 1) {
      if (slots_[i].tag == static_cast<uint32_t>(hash) && is_apex(slots_[i], lowercase)) [[likely]] return slots_[i].id;
    }
    return no_zone;
  }
  // The upper half of the hash, scaled to the table.
  size_t place_of(uint64_t hash) const { return (hash >> 32) * slots_.size() >> 32; }

  std::vector<Slot> slots_;  // open addressing, at most half full
  size_t fewest_labels_ = max_labels;
  size_t most_labels_ = 0;
  std::array<uint32_t, max_labels + 1> at_depth_;  // the only slot with an apex of so many labels; none; or several
};

}  // namespace dnsd
