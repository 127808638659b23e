#include "zones/zone.h"

#include <algorithm>
#include <thread>

#include "base/text.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

// Of one record in the arena, and more.
constexpr size_t most_octets = 1 + max_name_octets + UINT16_MAX;

}  // namespace

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
  if (arena.size() + most_octets > UINT32_MAX || rdata.size() > UINT16_MAX) return false;
  // The case of the first record's owner stands for all that follow it directly.
  if (last_owner_ == 0 || !(zone_.name_at(last_owner_) == owner)) {
    arena.push_back(static_cast<uint8_t>(owner.size()));
    last_owner_ = static_cast<uint32_t>(arena.size());
    arena.insert(arena.end(), owner.data(), owner.data() + owner.size());
    all_in_zone_ = all_in_zone_ && owner.is_at_or_below(zone_.origin_);
  }
  const auto at = static_cast<uint32_t>(arena.size());
  arena.insert(arena.end(), rdata.begin(), rdata.end());
  zone_.records_.push_back(
      {last_owner_, at, ttl, place.line, type, static_cast<uint16_t>(rdata.size()), place.file, place.column});
  return true;
}

void ZoneBuilder::reserve(size_t records, size_t octets) {
  zone_.records_.reserve(records);
  zone_.arena_.reserve(octets);
}

bool ZoneBuilder::append(ZoneBuilder&& more, uint32_t lines_before) {
  std::vector<uint8_t>& arena = zone_.arena_;
  if (arena.size() + more.zone_.arena_.size() + most_octets > UINT32_MAX) return false;
  if (more.zone_.records_.empty()) return true;
  const auto base = static_cast<uint32_t>(arena.size());
  const uint32_t first_owner = more.zone_.records_.front().owner;
  const bool goes_on = last_owner_ != 0 && zone_.name_at(last_owner_) == more.zone_.name_at(first_owner);
  const auto moved = [&](uint32_t owner) { return goes_on && owner == first_owner ? last_owner_ : owner + base; };
  for (Zone::Record r : more.zone_.records_) {
    r.owner = moved(r.owner);
    r.rdata += base;
    r.line += lines_before;
    zone_.records_.push_back(r);
  }
  arena.insert(arena.end(), more.zone_.arena_.begin(), more.zone_.arena_.end());
  last_owner_ = moved(more.last_owner_);
  all_in_zone_ = all_in_zone_ && more.all_in_zone_;
  more.zone_ = {};
  return true;
}

bool Zone::is_before(const Record& a, const Record& b) const {
  const auto order = a.owner == b.owner ? std::strong_ordering::equal : owner_of(a).canonical_order(owner_of(b));
  return order != 0 ? order < 0 : a.type < b.type;
}

// The first octets of an owner's label next to the apex, lowercased: in most zones enough to order two names without
// a look at the names themselves. Of use among names of the zone only.
ZoneBuilder::SortKey ZoneBuilder::sort_key(size_t index) const {
  SortKey key{{0, 0}, static_cast<uint32_t>(index)};
  if (!all_in_zone_) return key;
  const NameView owner = zone_.owner(index);
  const size_t want = owner.size() - zone_.origin_.size();
  size_t label = 0;
  for (size_t at = 0; at < want; at += 1u + owner.data()[at]) label = at;
  const size_t octets = want > 0 ? std::min<size_t>(owner.data()[label], sizeof key.prefix) : 0;
  for (size_t i = 0; i < octets; ++i) {
    key.prefix[i / 8] |= uint64_t{ascii_lower(owner.data()[label + 1 + i])} << (56 - 8 * (i % 8));
  }
  return key;
}

// A total order: of equal records the one that was added first.
bool ZoneBuilder::is_before(const SortKey& a, const SortKey& b) const {
  if (a.prefix[0] != b.prefix[0]) return a.prefix[0] < b.prefix[0];
  if (a.prefix[1] != b.prefix[1]) return a.prefix[1] < b.prefix[1];
  const Zone::Record &x = zone_.records_[a.index], &y = zone_.records_[b.index];
  if (zone_.is_before(x, y)) return true;
  return !zone_.is_before(y, x) && a.index < b.index;
}

void ZoneBuilder::sort_records(Threads threads) {
  std::vector<SortKey> order(zone_.records_.size());
  const auto before = [this](const SortKey& a, const SortKey& b) { return is_before(a, b); };
  const auto sort = [&](size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) order[i] = sort_key(i);
    std::sort(&order[first], &order[first] + (last - first), before);
  };
  const size_t middle = threads == Threads::two ? order.size() / 2 : 0;
  if (middle > 0) {
    std::thread first_half(sort, size_t{0}, middle);
    sort(middle, order.size());
    first_half.join();
    std::inplace_merge(order.begin(), order.begin() + static_cast<ptrdiff_t>(middle), order.end(), before);
  } else {
    sort(0, order.size());
  }
  put_in_order(std::move(order));
}

// Without a second table of records: from each place along the records that change places, until one comes here.
void ZoneBuilder::put_in_order(std::vector<SortKey> order) {
  for (uint32_t start = 0; start < order.size(); ++start) {
    const Zone::Record first = zone_.records_[start];
    uint32_t to = start;
    for (uint32_t from; (from = order[to].index) != start; to = from) {
      zone_.records_[to] = zone_.records_[from];
      order[to].index = to;
    }
    zone_.records_[to] = first;
    order[to].index = to;
  }
}

Zone ZoneBuilder::build(Threads threads) && {
  const auto before = [this](const Zone::Record& a, const Zone::Record& b) { return zone_.is_before(a, b); };
  if (!std::is_sorted(zone_.records_.begin(), zone_.records_.end(), before)) sort_records(threads);
  return std::move(zone_);
}

}  // namespace dnsd
