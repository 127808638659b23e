#include "dnsd/snapshot/zone_index.h"

#include <algorithm>

namespace dnsd {

void ZoneIndex::reset(size_t zones) {
  slots_.assign(zones * 2 + 1, Slot{});
  fewest_labels_ = max_labels;
  most_labels_ = 0;
  at_depth_.fill(none);
}

void ZoneIndex::add(NameView apex, ZoneId id, const NameHash& hash) {
  const uint64_t h = hash(apex.wire());
  size_t i = place_of(h);
  while (slots_[i].id != no_zone) i = i + 1 == slots_.size() ? 0 : i + 1;
  slots_[i] = {apex, static_cast<uint32_t>(h), id};
  const size_t labels = apex.label_count();
  at_depth_[labels] = at_depth_[labels] == none ? static_cast<uint32_t>(i) : several;
  fewest_labels_ = std::min(fewest_labels_, labels);
  most_labels_ = std::max(most_labels_, labels);
}

}  // namespace dnsd
