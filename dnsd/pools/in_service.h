// Which members of a pool are handed out, and why the others are not.
#pragma once

#include <string_view>
#include <vector>

#include "dnsd/pools/pool_definition.h"

namespace dnsd {

struct MemberVerdict {
  bool served;
  std::string_view reason;  // for explain: "in service", "drained", "out", "drained, but nothing else is in service"
};

// One verdict per member, in order, each family judged on its own. `in` members serve; where a family has none, its
// drained members serve rather than nobody; `out` never serves.
std::vector<MemberVerdict> in_service(const PoolDefinition& pool);

// Indices of the members of one family in service, in the order of their ring.
std::vector<size_t> ring_order(const PoolDefinition& pool, Family family);

}  // namespace dnsd
