#include "zones/zone.h"

#include <algorithm>

#include "base/text.h"
#include "zones/rr_types.h"

namespace dnsd {

NameView Zone::owner_of(const Record& record) const {
  const Bytes rest = Bytes(arena_).subspan(record.owner);
  return NameView(rest.first(wire_name_length(rest)));
}

RecordView Zone::operator[](size_t index) const {
  const Record& r = records_[index];
  return {owner_of(r), r.type, r.ttl, Bytes(arena_).subspan(r.rdata, r.rdata_size), {r.file, r.column, r.line}};
}

std::pair<size_t, size_t> Zone::owner_range(NameView owner) const {
  const auto less = [this](const Record& r, NameView name) { return owner_of(r).canonical_order(name) < 0; };
  const auto greater = [this](NameView name, const Record& r) { return name.canonical_order(owner_of(r)) < 0; };
  const auto first = std::lower_bound(records_.begin(), records_.end(), owner, less);
  const auto last = std::upper_bound(first, records_.end(), owner, greater);
  return {static_cast<size_t>(first - records_.begin()), static_cast<size_t>(last - records_.begin())};
}

bool Zone::is_signed() const {
  const auto [first, last] = owner_range(origin_);
  for (size_t i = first; i < last; ++i) {
    const RecordView r = (*this)[i];
    if (r.type == rr_type::RRSIG && load16(r.rdata.data()) == rr_type::SOA) return true;
  }
  return false;
}

ZoneBuilder::ZoneBuilder(NameView origin) { zone_.origin_ = Name(origin); }

uint16_t ZoneBuilder::add_file(std::string path) {
  zone_.files_.push_back(std::move(path));
  return static_cast<uint16_t>(zone_.files_.size() - 1);
}

bool ZoneBuilder::add(NameView owner, uint16_t type, uint32_t ttl, Bytes rdata, RecordPlace place) {
  std::vector<uint8_t>& arena = zone_.arena_;
  if (arena.size() + owner.size() + rdata.size() > UINT32_MAX || rdata.size() > UINT16_MAX) return false;
  const auto append = [&arena](Bytes octets) {
    const auto at = static_cast<uint32_t>(arena.size());
    arena.insert(arena.end(), octets.begin(), octets.end());
    return at;
  };
  // The case of the first record's owner stands for all that follow it directly.
  const auto same_owner = [&] {
    const Bytes rest = Bytes(arena).subspan(last_owner_);
    return NameView(rest.first(wire_name_length(rest))) == owner;
  };
  if (!has_owner_ || !same_owner()) last_owner_ = append(owner.wire());
  has_owner_ = true;
  const uint32_t at = append(rdata);
  zone_.records_.push_back(
      {last_owner_, at, ttl, place.line, type, static_cast<uint16_t>(rdata.size()), place.file, place.column});
  return true;
}

// The first octets of an owner's label next to the apex, lowercased: in most zones enough to order two names without
// a look at the names themselves. Of use among names of the zone only.
ZoneBuilder::SortKey ZoneBuilder::sort_key(size_t index) const {
  SortKey key{{0, 0}, static_cast<uint32_t>(index)};
  const NameView owner = zone_.owner_of(zone_.records_[index]);
  const size_t want = owner.size() - zone_.origin_.size();
  size_t label = 0;
  for (size_t at = 0; at < want; at += 1u + owner.data()[at]) label = at;
  const size_t octets = want > 0 ? std::min<size_t>(owner.data()[label], sizeof key.prefix) : 0;
  for (size_t i = 0; i < octets; ++i) {
    key.prefix[i / 8] |= uint64_t{ascii_lower(owner.data()[label + 1 + i])} << (56 - 8 * (i % 8));
  }
  return key;
}

void ZoneBuilder::sort_records() {
  std::vector<Zone::Record>& records = zone_.records_;
  const bool all_in_zone = std::ranges::all_of(
      records, [this](const Zone::Record& r) { return zone_.owner_of(r).is_at_or_below(zone_.origin_); });
  std::vector<SortKey> keys(records.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    keys[i] = all_in_zone ? sort_key(i) : SortKey{{0, 0}, static_cast<uint32_t>(i)};
  }
  std::stable_sort(keys.begin(), keys.end(), [&](const SortKey& x, const SortKey& y) {
    if (x.prefix[0] != y.prefix[0]) return x.prefix[0] < y.prefix[0];
    if (x.prefix[1] != y.prefix[1]) return x.prefix[1] < y.prefix[1];
    const Zone::Record &a = records[x.index], &b = records[y.index];
    const auto order =
        a.owner == b.owner ? std::strong_ordering::equal : zone_.owner_of(a).canonical_order(zone_.owner_of(b));
    if (order != 0) return order < 0;
    return a.type < b.type;
  });
  std::vector<Zone::Record> sorted;
  sorted.reserve(records.size());
  for (const SortKey& key : keys) sorted.push_back(records[key.index]);
  records = std::move(sorted);
}

Zone ZoneBuilder::build() && {
  const auto before = [this](const Zone::Record& a, const Zone::Record& b) {
    const auto order =
        a.owner == b.owner ? std::strong_ordering::equal : zone_.owner_of(a).canonical_order(zone_.owner_of(b));
    return order != 0 ? order < 0 : a.type < b.type;
  };
  if (!std::is_sorted(zone_.records_.begin(), zone_.records_.end(), before)) sort_records();
  zone_.arena_.shrink_to_fit();
  zone_.records_.shrink_to_fit();
  return std::move(zone_);
}

}  // namespace dnsd
