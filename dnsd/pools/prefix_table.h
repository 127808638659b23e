// Longest prefix match from a client's network to a class, for audiences, and how far around the client it is the same.
//
// The prefixes cut the address space into intervals, each with the class of the longest prefix over it:
//
//   10.0.0.0/8 -> 1, 10.1.0.0/16 -> 2      0.0.0.0 none | 10.0.0.0: 1 | 10.1.0.0: 2 | 10.2.0.0: 1 | 11.0.0.0 none
//
// A million prefixes take 14 to 16 octets each where they are no longer than /64, 24 where they are /128, and 0.2 to 0.4 s
// to build (interval_table.h says how, tests/bench/respond measures it).
//
// Thread safety: immutable, any number of readers.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/ip_address.h"
#include "dnsd/pools/interval_table.h"

namespace dnsd {

class PrefixTable {
 public:
  using Class = uint16_t;
  static constexpr Class no_class = UINT16_MAX;

  struct Row {
    IpPrefix prefix;
    Class value;
  };

  struct Match {
    Class value;
    // The length of the shortest prefix around the address in which every address has the same class (RFC 7871 7.2.1).
    uint8_t scope;
  };

  PrefixTable() = default;
  // Of two rows with the same prefix the later one counts.
  explicit PrefixTable(const std::vector<Row>& rows);

  bool empty() const { return v4_.empty() && v6_.empty(); }
  size_t memory() const;  // octets

  Class find(const IpAddress& address) const { return match(address).value; }
  // Asks for the memory that match() will need: step 0, and when that is there, step 1.
  void prefetch(const IpAddress& address, unsigned step) const;
  Match match(const IpAddress& address) const;
  // Of a network: the first `bits` of the address, the others are 0. Where its addresses have different classes, its
  // own is that of the longest prefix that holds all of it, and the scope is longer than it.
  Match match(const IpAddress& network, unsigned bits) const;

 private:
  // A prefix with something else inside: what networks longer than it, but not uniform, are matched with.
  struct Cover {
    IpPrefix prefix;
    Class value;
  };

  Class cover_of(const IpAddress& network, unsigned bits) const;

  IntervalTable<uint32_t> v4_;
  IntervalTable<Key128> v6_;
  std::vector<Cover> covers_;    // in canonical order
  std::array<std::array<bool, 129>, 2> cover_lengths_{};  // that there are, by family
};

}  // namespace dnsd
