#include "dnsd/pools/prefix_table.h"

#include <algorithm>
#include <optional>

namespace dnsd {
namespace {

using Key6 = std::array<uint64_t, 2>;

uint32_t key4(const IpAddress& address) { return load32(address.octets().data()); }

Key6 key6(const IpAddress& address) {
  const uint8_t* p = address.octets().data();
  return {uint64_t{load32(p)} << 32 | load32(p + 4), uint64_t{load32(p + 8)} << 32 | load32(p + 12)};
}

// The address after the last one of a prefix; none at the end of the address space.
std::optional<IpAddress> after(const IpPrefix& prefix) {
  std::array<uint8_t, 16> octets{};
  std::ranges::copy(prefix.address().octets(), octets.begin());
  unsigned bit = prefix.length();
  while (bit > 0) {
    --bit;  // add one at the last bit of the prefix, carrying to the left
    uint8_t& octet = octets[bit / 8];
    const auto mask = static_cast<uint8_t>(0x80 >> bit % 8);
    octet = static_cast<uint8_t>(octet ^ mask);
    if (octet & mask) {
      if (prefix.family() == Family::ipv6) return IpAddress::v6(octets);
      return IpAddress::v4({octets[0], octets[1], octets[2], octets[3]});
    }
  }
  return std::nullopt;
}

// Walks the prefixes of one family in canonical order (a prefix before those inside it), keeping a stack of those that
// are open, and writes an interval wherever the innermost open one changes.
class IntervalBuilder {
 public:
  struct Interval {
    IpAddress start;
    PrefixTable::Class value;
  };

  void open(const PrefixTable::Row& row) {
    close_up_to(row.prefix.address());
    open_.push_back(row);
    begin(row.prefix.address(), row.value);
  }

  std::vector<Interval> finish() {
    close_up_to(std::nullopt);
    return std::move(intervals_);
  }

 private:
  void close_up_to(std::optional<IpAddress> next) {
    while (!open_.empty()) {
      const std::optional<IpAddress> end = after(open_.back().prefix);
      if (next && (!end || *end > *next)) return;
      open_.pop_back();
      if (end) begin(*end, open_.empty() ? PrefixTable::no_class : open_.back().value);
    }
  }

  void begin(const IpAddress& start, PrefixTable::Class value) {
    if (!intervals_.empty() && intervals_.back().start == start) intervals_.pop_back();
    if (!intervals_.empty() && intervals_.back().value == value) return;
    intervals_.push_back({start, value});
  }

  std::vector<PrefixTable::Row> open_;
  std::vector<Interval> intervals_;
};

// Index of the last start that is not above `key`; -1 where there is none.
template <typename Key>
ptrdiff_t interval_of(const std::vector<Key>& starts, const Key& key) {
  return std::upper_bound(starts.begin(), starts.end(), key) - starts.begin() - 1;
}

}  // namespace

PrefixTable::PrefixTable(std::vector<Row> rows) {
  std::ranges::stable_sort(rows, {}, &Row::prefix);
  IntervalBuilder builders[2];
  for (size_t i = 0; i < rows.size(); ++i) {
    const bool repeated = i + 1 < rows.size() && rows[i + 1].prefix == rows[i].prefix;
    if (!repeated) builders[rows[i].prefix.family() == Family::ipv6].open(rows[i]);
  }
  for (const auto& interval : builders[0].finish()) {
    starts4_.push_back(key4(interval.start));
    classes4_.push_back(interval.value);
  }
  for (const auto& interval : builders[1].finish()) {
    starts6_.push_back(key6(interval.start));
    classes6_.push_back(interval.value);
  }
}

PrefixTable::Class PrefixTable::find(const IpAddress& address) const {
  if (address.family() == Family::ipv4) {
    const ptrdiff_t i = interval_of(starts4_, key4(address));
    return i < 0 ? no_class : classes4_[static_cast<size_t>(i)];
  }
  const ptrdiff_t i = interval_of(starts6_, key6(address));
  return i < 0 ? no_class : classes6_[static_cast<size_t>(i)];
}

}  // namespace dnsd
