#include "dnsd/pools/prefix_table.h"

#include <algorithm>
#include <functional>

namespace dnsd {
namespace {

uint32_t key4(const IpAddress& address) { return load32(address.octets().data()); }

Key128 key6(const IpAddress& address) {
  const uint8_t* p = address.octets().data();
  const auto half = [](const uint8_t* at) { return uint64_t{load32(at)} << 32 | load32(at + 4); };
  return Key128{half(p)} << 64 | half(p + 8);
}

// A row, ready to be sorted: a tenth of the time that comparing addresses octet by octet takes.
template <typename Key>
struct Item {
  Key start;
  uint32_t row;
  uint8_t length;
  bool same_prefix(const Item& other) const { return start == other.start && length == other.length; }
  // A prefix before those inside it; of the same ones the later row last.
  bool operator<(const Item& other) const {
    if (start != other.start) return start < other.start;
    return length != other.length ? length < other.length : row < other.row;
  }
};

// Walks the prefixes of one family in canonical order, keeping a stack of those that are open, and begins an interval
// wherever the innermost open one changes.
template <typename Key>
class IntervalBuilder {
 public:
  using Row = PrefixTable::Row;
  using Class = PrefixTable::Class;

  explicit IntervalBuilder(const std::vector<Row>& rows) : rows_(rows) {}

  IntervalTable<Key> build(std::vector<Item<Key>> items) {
    std::ranges::sort(items, std::less<>());
    starts_.reserve(2 * items.size());
    values_.reserve(2 * items.size());
    for (size_t i = 0; i < items.size(); ++i) {
      if (i + 1 == items.size() || !items[i].same_prefix(items[i + 1])) open(items[i]);
    }
    while (!open_.empty()) close();
    return {starts_, values_};
  }

  // Prefixes that hold one of another class.
  std::vector<uint32_t> covers;

 private:
  static constexpr unsigned key_bits = sizeof(Key) * 8;

  struct Open {
    Item<Key> item;
    Key last;  // number of the prefix
    bool covers;
  };

  Class value(const Open& open) const { return rows_[open.item.row].value; }

  void open(const Item<Key>& item) {
    while (!open_.empty() && open_.back().last < item.start) close();
    const Key all = static_cast<Key>(~Key{0});
    const Key inside = item.length == key_bits ? Key{0} : static_cast<Key>(all >> item.length);
    const Open next{item, static_cast<Key>(item.start | inside), false};
    if (!open_.empty() && value(open_.back()) != value(next)) open_.back().covers = true;
    open_.push_back(next);
    begin(item.start, value(next));
  }

  void close() {
    const Open last = open_.back();
    open_.pop_back();
    if (last.covers) covers.push_back(last.item.row);
    // What is inside one prefix is inside those around it.
    if (last.covers && !open_.empty()) open_.back().covers = true;
    const auto after = static_cast<Key>(last.last + 1);  // 0 behind the last number there is
    if (after != 0) begin(after, open_.empty() ? PrefixTable::no_class : value(open_.back()));
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

  const std::vector<Row>& rows_;
  std::vector<Open> open_;
  std::vector<Key> starts_;
  std::vector<Class> values_;
};

}  // namespace

PrefixTable::PrefixTable(const std::vector<Row>& rows) {
  std::vector<Item<uint32_t>> items4;
  std::vector<Item<Key128>> items6;
  for (uint32_t i = 0; i < rows.size(); ++i) {
    const IpPrefix& prefix = rows[i].prefix;
    const auto length = static_cast<uint8_t>(prefix.length());
    if (prefix.family() == Family::ipv4) items4.push_back({key4(prefix.address()), i, length});
    else items6.push_back({key6(prefix.address()), i, length});
  }
  IntervalBuilder<uint32_t> v4(rows);
  IntervalBuilder<Key128> v6(rows);
  v4_ = v4.build(std::move(items4));
  v6_ = v6.build(std::move(items6));
  for (const std::vector<uint32_t>* covers : {&v4.covers, &v6.covers}) {
    for (const uint32_t row : *covers) {
      covers_.push_back({rows[row].prefix, rows[row].value});
      cover_lengths_[rows[row].prefix.family() == Family::ipv6][rows[row].prefix.length()] = true;
    }
  }
  std::ranges::sort(covers_, {}, &Cover::prefix);
  covers_.shrink_to_fit();
}

size_t PrefixTable::memory() const {
  return sizeof *this + v4_.memory() + v6_.memory() + covers_.capacity() * sizeof(Cover);
}

PrefixTable::Match PrefixTable::match(const IpAddress& address) const {
  if (address.family() == Family::ipv4) {
    const auto found = v4_.find(key4(address));
    return {found.value, found.scope};
  }
  const auto found = v6_.find(key6(address));
  return {found.value, found.scope};
}

void PrefixTable::prefetch(const IpAddress& address, unsigned step) const {
  if (address.family() == Family::ipv4) v4_.prefetch(key4(address), step);
  else v6_.prefetch(key6(address), step);
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
