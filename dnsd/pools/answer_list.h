// The finite list of answers of a ring, each a row of members; a policy only chooses a row, and which of its members
// comes first.
//
//   5 members, 2 in an answer:   row 0: 0 2    row 1: 3 1    row 2: 1 4    row 3: 4 0    row 4: 2 3
//
// Thread safety: immutable once built, any number of readers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "dnsd/pools/pool_definition.h"

namespace dnsd {

struct AnswerList {
  uint32_t rows = 0;            // 0 where no member is in service
  uint32_t take = 0;            // members in a row
  std::vector<uint16_t> picks;  // rows of them one after the other: places of members in the ring
  std::vector<uint16_t> buckets;  // for policies that know clients: the row of each part of them

  const uint16_t* row(uint32_t number) const { return picks.data() + size_t{number} * take; }
};

// What a policy is asked for at a query.
struct Window {
  uint32_t row;    // of the list
  uint32_t first;  // place in the row, 0 <= first < take: the members follow from here, and wrap around
};

// The members in service of one family, in the order of their ring.
struct RingMember {
  IpAddress address;
  uint32_t weight = 1;  // at least 1
  uint16_t site = 0;    // a number for each site; 0: none. All 0 where answers are not to be spread
  bool operator==(const RingMember&) const = default;
};

std::vector<RingMember> ring_members(const PoolDefinition& pool, Family family);

// Puts the members of each row in an order in which neighbours are in different sites, as far as there are others:
// who tries the next address after a failure shall not meet the same site.
void alternate_sites(std::span<uint16_t> row, std::span<const RingMember> members);

}  // namespace dnsd
