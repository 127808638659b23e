#include "dnsd/pools/prefix_table.h"

#include <algorithm>
#include <optional>

namespace dnsd {
namespace {

uint32_t key4(const IpAddress& address) { return load32(address.octets().data()); }

Key128 key6(const IpAddress& address) {
  const uint8_t* p = address.octets().data();
  return {uint64_t{load32(p)} << 32 | load32(p + 4), uint64_t{load32(p + 8)} << 32 | load32(p + 12)};
}

unsigned common_bits(uint32_t a, uint32_t b) { return static_cast<unsigned>(std::countl_zero(a ^ b)); }
unsigned common_bits(uint64_t a, uint64_t b) { return static_cast<unsigned>(std::countl_zero(a ^ b)); }
unsigned common_bits(const Key128& a, const Key128& b) {
  return a.high != b.high ? common_bits(a.high, b.high) : 64 + common_bits(a.low, b.low);
}

uint32_t before(uint32_t key) { return key - 1; }
uint64_t before(uint64_t key) { return key - 1; }
Key128 before(const Key128& key) { return {key.low == 0 ? key.high - 1 : key.high, key.low - 1}; }

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
// are open, and begins an interval wherever the innermost open one changes.
template <typename Key>
class IntervalBuilder {
 public:
  using Row = PrefixTable::Row;
  using Class = PrefixTable::Class;

  explicit IntervalBuilder(Key (*key)(const IpAddress&)) : key_(key) {}

  void open(const Row& row) {
    close_up_to(row.prefix.address());
    if (!open_.empty() && open_.back().row.value != row.value) open_.back().covers = true;
    open_.push_back({row, false});
    begin(key_(row.prefix.address()), row.value);
  }

  IntervalTable<Key> finish() {
    close_up_to(std::nullopt);
    return {std::move(starts_), std::move(values_)};
  }

  // Prefixes that hold one of another class.
  std::vector<Row> covers;

 private:
  struct Open {
    Row row;
    bool covers;
  };

  void close_up_to(std::optional<IpAddress> next) {
    while (!open_.empty()) {
      const Open last = open_.back();
      const std::optional<IpAddress> end = after(last.row.prefix);
      if (next && (!end || *end > *next)) return;
      if (last.covers) covers.push_back(last.row);
      open_.pop_back();
      // What is inside one prefix is inside those around it.
      if (last.covers && !open_.empty()) open_.back().covers = true;
      if (end) begin(key_(*end), open_.empty() ? PrefixTable::no_class : open_.back().row.value);
    }
  }

  void begin(const Key& start, Class value) {
    if (!starts_.empty() && starts_.back() == start) {
      starts_.pop_back();
      values_.pop_back();
    }
    if (values_.empty() ? value == PrefixTable::no_class : values_.back() == value) return;
    starts_.push_back(start);
    values_.push_back(value);
  }

  Key (*key_)(const IpAddress&);
  std::vector<Open> open_;
  std::vector<Key> starts_;
  std::vector<Class> values_;
};

// The interval of a key, and the largest aligned block around the key that lies in it: one that does not reach the
// number before the interval, nor the one after it.
template <typename Key>
PrefixTable::Match match_in(const IntervalTable<Key>& table, const Key& key) {
  const size_t n = table.count_up_to(key);
  unsigned scope = 0;
  if (n > 0 && table.start(n - 1) != Key{}) scope = common_bits(key, before(table.start(n - 1))) + 1;
  if (n < table.size()) scope = std::max(scope, common_bits(key, table.start(n)) + 1);
  return {n == 0 ? PrefixTable::no_class : table.value(n - 1), static_cast<uint8_t>(scope)};
}

}  // namespace

PrefixTable::PrefixTable(std::vector<Row> rows) {
  std::ranges::stable_sort(rows, {}, &Row::prefix);
  IntervalBuilder<uint32_t> v4(key4);
  IntervalBuilder<Key128> v6(key6);
  bool long_ones = false;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i + 1 < rows.size() && rows[i + 1].prefix == rows[i].prefix) continue;
    const bool is_v4 = rows[i].prefix.family() == Family::ipv4;
    if (is_v4) v4.open(rows[i]);
    else v6.open(rows[i]);
    long_ones = long_ones || (!is_v4 && rows[i].prefix.length() > 64);
  }
  v4_ = v4.finish();
  IntervalTable<Key128> wide = v6.finish();
  if (long_ones) {
    v6_long_ = std::move(wide);
  } else {
    std::vector<uint64_t> starts;
    std::vector<Class> values;
    for (size_t i = 0; i < wide.size(); ++i) {
      starts.push_back(wide.start(i).high);
      values.push_back(wide.value(i));
    }
    v6_ = {std::move(starts), std::move(values)};
  }
  for (const std::vector<Row>* covers : {&v4.covers, &v6.covers}) {
    for (const Row& row : *covers) {
      covers_.push_back({row.prefix, row.value});
      cover_lengths_[row.prefix.family() == Family::ipv6][row.prefix.length()] = true;
    }
  }
  std::ranges::sort(covers_, {}, &Cover::prefix);
  covers_.shrink_to_fit();
}

size_t PrefixTable::memory() const {
  return sizeof *this + v4_.memory() + v6_.memory() + v6_long_.memory() + covers_.capacity() * sizeof(Cover);
}

PrefixTable::Match PrefixTable::match(const IpAddress& address) const {
  if (address.family() == Family::ipv4) return match_in(v4_, key4(address));
  if (v6_long_.size() > 0) return match_in(v6_long_, key6(address));
  return match_in(v6_, key6(address).high);
}

PrefixTable::Match PrefixTable::match(const IpAddress& network, unsigned bits) const {
  Match found = match(network);
  if (found.scope > bits) [[unlikely]] found.value = cover_of(network, bits);
  return found;
}

PrefixTable::Class PrefixTable::cover_of(const IpAddress& network, unsigned bits) const {
  const auto& lengths = cover_lengths_[network.family() == Family::ipv6];
  for (unsigned length = bits + 1; length-- > 0;) {
    if (!lengths[length]) continue;
    const IpPrefix prefix(network, length);
    const auto cover = std::ranges::lower_bound(covers_, prefix, {}, &Cover::prefix);
    if (cover != covers_.end() && cover->prefix == prefix) return cover->value;
  }
  return no_class;
}

}  // namespace dnsd
