#include "dnsd/snapshot/zone_index.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace dnsd {

void ZoneIndex::reset(size_t zones) {
  slots_.assign(std::bit_ceil(zones * 2 + 1), Slot{});
  fewest_labels_ = max_labels;
  most_labels_ = 0;
}

void ZoneIndex::add(NameView apex, ZoneId id, const NameHash& hash) {
  Name lower(apex);
  lower.lowercase();
  const uint64_t h = hash(lower.view().wire());
  const size_t mask = slots_.size() - 1;
  size_t i = h & mask;
  while (slots_[i].id != no_zone) i = (i + 1) & mask;
  slots_[i] = {h, id, lower};
  fewest_labels_ = std::min(fewest_labels_, apex.label_count());
  most_labels_ = std::max(most_labels_, apex.label_count());
}

ZoneId ZoneIndex::find(Bytes lowercase, uint64_t hash) const {
  const size_t mask = slots_.size() - 1;
  for (size_t i = hash & mask; slots_[i].id != no_zone; i = (i + 1) & mask) {
    const Slot& slot = slots_[i];
    if (slot.hash == hash && slot.apex.size() == lowercase.size() &&
        std::memcmp(slot.apex.view().data(), lowercase.data(), lowercase.size()) == 0) {
      return slot.id;
    }
  }
  return no_zone;
}

}  // namespace dnsd
