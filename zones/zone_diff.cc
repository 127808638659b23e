#include "zones/zone_diff.h"

#include <algorithm>
#include <iterator>

namespace dnsd {
namespace {

// Keys of the records from `first` on that share owner and type, sorted; moves `first` behind them.
std::vector<std::string> take_rrset(const Zone& zone, size_t& first) {
  std::vector<std::string> keys;
  const RecordView head = zone[first];
  for (; first < zone.size(); ++first) {
    const RecordView r = zone[first];
    if (r.type != head.type || r.owner != head.owner) break;
    keys.push_back(record_key(r.owner, r.type, r.ttl, r.rdata));
  }
  std::ranges::sort(keys);
  return keys;
}

// Negative where the RRset at `i` comes before that at `j`.
int compare_rrsets(const Zone& a, size_t i, const Zone& b, size_t j) {
  if (i == a.size() || j == b.size()) return (j == b.size()) - (i == a.size()) > 0 ? -1 : 1;
  const auto order = a[i].owner.canonical_order(b[j].owner);
  if (order != 0) return order < 0 ? -1 : 1;
  return static_cast<int>(a[i].type) - static_cast<int>(b[j].type);
}

void append(std::vector<std::string>& to, const std::vector<std::string>& keys) {
  to.insert(to.end(), keys.begin(), keys.end());
}

}  // namespace

std::string record_key(NameView owner, uint16_t type, uint32_t ttl, Bytes rdata) {
  Name lower(owner);
  lower.lowercase();
  const Bytes name = lower.view().wire();
  uint8_t fixed[6];
  store16(fixed, type);
  store32(fixed + 2, ttl);
  std::string key(name.begin(), name.end());
  key.append(std::begin(fixed), std::end(fixed));
  key.append(rdata.begin(), rdata.end());
  return key;
}

ZoneDiff diff_zones(const Zone& before, const Zone& after) {
  ZoneDiff diff;
  for (size_t i = 0, j = 0; i < before.size() || j < after.size();) {
    const int order = compare_rrsets(before, i, after, j);
    if (order < 0) {
      append(diff.removed, take_rrset(before, i));
    } else if (order > 0) {
      append(diff.added, take_rrset(after, j));
    } else {
      const std::vector<std::string> old_keys = take_rrset(before, i), new_keys = take_rrset(after, j);
      std::ranges::set_difference(old_keys, new_keys, std::back_inserter(diff.removed));
      std::ranges::set_difference(new_keys, old_keys, std::back_inserter(diff.added));
    }
  }
  std::ranges::sort(diff.removed);
  std::ranges::sort(diff.added);
  return diff;
}

}  // namespace dnsd
