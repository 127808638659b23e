// Longest prefix match from a client's address to a class, for audiences.
//
// The prefixes cut the address space into intervals, each with the class of the longest prefix over it:
//
//   10.0.0.0/8 -> 1, 10.1.0.0/16 -> 2      0.0.0.0 none | 10.0.0.0: 1 | 10.1.0.0: 2 | 10.2.0.0: 1 | 11.0.0.0 none
//
// A lookup is a binary search for the interval. Immutable; thread safety: any number of readers.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/ip_address.h"

namespace dnsd {

class PrefixTable {
 public:
  using Class = uint32_t;
  static constexpr Class no_class = UINT32_MAX;

  struct Row {
    IpPrefix prefix;
    Class value;
  };

  PrefixTable() = default;
  // Of two rows with the same prefix the later one counts.
  explicit PrefixTable(std::vector<Row> rows);

  bool empty() const { return starts4_.empty() && starts6_.empty(); }
  Class find(const IpAddress& address) const;

 private:
  using Key6 = std::array<uint64_t, 2>;

  std::vector<uint32_t> starts4_;  // first address of each interval, ascending
  std::vector<Class> classes4_;
  std::vector<Key6> starts6_;
  std::vector<Class> classes6_;
};

}  // namespace dnsd
