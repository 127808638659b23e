#include "zones/zone.h"

#include <algorithm>
#include <bit>
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
  HugeVector<uint8_t>& arena = zone_.arena_;
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
  HugeVector<uint8_t>& arena = zone_.arena_;
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

// In most zones enough to order two names without a look at the names themselves. Of use among names of the zone only.
ZoneBuilder::SortKey ZoneBuilder::sort_key(size_t index) const {
  const Zone::Record& record = zone_.records_[index];
  SortKey key{0, record.type, record.owner, static_cast<uint32_t>(index)};
  if (!all_in_zone_) return key;
  const NameView owner = zone_.owner_of(record);
  const size_t want = owner.size() - zone_.origin_.size();
  size_t label = 0;
  for (size_t at = 0; at < want; at += 1u + owner.data()[at]) label = at;
  const size_t octets = want > 0 ? std::min<size_t>(owner.data()[label], 14) : 0;
  for (size_t i = 0; i < octets; ++i) {
    uint64_t& part = i < 8 ? key.first_octets : key.next_octets;
    part |= uint64_t{ascii_lower(owner.data()[label + 1 + i])} << (56 - 8 * (i % 8));
  }
  return key;
}

// A total order: of equal records the one that was added first.
bool ZoneBuilder::is_before(const SortKey& a, const SortKey& b) const {
  if (a.first_octets != b.first_octets) return a.first_octets < b.first_octets;
  if ((a.next_octets ^ b.next_octets) >> 16 != 0) return a.next_octets < b.next_octets;
  if (a.owner != b.owner) {
    const auto order = zone_.name_at(a.owner).canonical_order(zone_.name_at(b.owner));
    if (order != 0) return order < 0;
  }
  return std::pair(a.next_octets, a.index) < std::pair(b.next_octets, b.index);
}

// Afterwards the arena is in the order of the records, too: whoever walks the zone reads memory from front to back, which
// is five times as fast at a million names.
void ZoneBuilder::sort_records(Threads threads) {
  HugeVector<Zone::Record> order(zone_.records_.size());
  const auto before = [this](const Zone::Record& a, const Zone::Record& b) {
    return is_before(std::bit_cast<SortKey>(a), std::bit_cast<SortKey>(b));
  };
  const auto sort = [&](size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) order[i] = std::bit_cast<Zone::Record>(sort_key(i));
    std::sort(order.begin() + static_cast<ptrdiff_t>(first), order.begin() + static_cast<ptrdiff_t>(last), before);
  };
  const size_t middle = threads == Threads::two ? order.size() / 2 : order.size();
  const auto on_both = [&](auto first_half, auto second_half) {
    if (threads == Threads::one) return first_half();
    std::thread second(second_half);
    first_half();
    second.join();
  };
  on_both([&] { sort(0, middle); }, [&] { sort(middle, order.size()); });
  if (threads == Threads::two)
    std::inplace_merge(order.begin(), order.begin() + static_cast<ptrdiff_t>(middle), order.end(), before);
  Part first{std::span(order).first(middle), {}}, second{std::span(order).subspan(middle), {}};
  on_both([&] { take_records(first); }, [&] { take_records(second); });
  zone_.records_ = std::move(order);
  // An owner whose records are mixed with those of another spelling of it may come to stand there once for each.
  if (zone_.arena_.size() + zone_.records_.size() * max_name_octets > UINT32_MAX) return;
  first.arena.reserve(zone_.arena_.size());
  if (threads == Threads::two) second.arena.reserve(zone_.arena_.size());  // what is not touched of it takes no memory
  on_both([&] { append_names_and_rdata(first); }, [&] { append_names_and_rdata(second); });
  const auto base = static_cast<uint32_t>(first.arena.size());
  first.arena.insert(first.arena.end(), second.arena.begin(), second.arena.end());
  for (Zone::Record& r : second.records) {
    r.owner += base;
    r.rdata += base;
  }
  zone_.arena_ = std::move(first.arena);
}

// Each record in place of its key.
void ZoneBuilder::take_records(Part& part) const {
  constexpr size_t ahead = 16;  // enough that memory answers meanwhile
  const auto index = [&](size_t i) { return std::bit_cast<SortKey>(part.records[i]).index; };
  for (size_t i = 0; i < part.records.size(); ++i) {
    if (i + ahead < part.records.size()) __builtin_prefetch(&zone_.records_[index(i + ahead)]);
    part.records[i] = zone_.records_[index(i)];
  }
}

void ZoneBuilder::append_names_and_rdata(Part& part) const {
  constexpr size_t ahead = 16;
  uint32_t old_owner = 0, owner = 0;
  for (size_t i = 0; i < part.records.size(); ++i) {
    if (i + ahead < part.records.size()) __builtin_prefetch(&zone_.arena_[part.records[i + ahead].owner - 1]);
    Zone::Record& r = part.records[i];
    const auto append = [&](uint32_t at, size_t size) {
      const auto to = static_cast<uint32_t>(part.arena.size());
      const auto from = zone_.arena_.begin() + at;
      part.arena.insert(part.arena.end(), from, from + static_cast<ptrdiff_t>(size));
      return to;
    };
    if (r.owner != old_owner) {
      old_owner = r.owner;
      owner = append(r.owner - 1, 1u + zone_.arena_[r.owner - 1]) + 1;
    }
    r.owner = owner;
    r.rdata = append(r.rdata, r.rdata_size);
  }
}

Zone ZoneBuilder::build(Threads threads) && {
  const auto before = [this](const Zone::Record& a, const Zone::Record& b) { return zone_.is_before(a, b); };
  if (!std::is_sorted(zone_.records_.begin(), zone_.records_.end(), before)) sort_records(threads);
  return std::move(zone_);
}

}  // namespace dnsd
