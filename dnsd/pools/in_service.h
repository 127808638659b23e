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

// One verdict per member, in order, each family judged on its own. Of these the first that has members serves, rather
// than nobody: those that are `in`; of weight 0; drained; drained and of weight 0. `out` never serves.
std::vector<MemberVerdict> in_service(const PoolDefinition& pool);

// Indices of the members of one family in service, in the order in which they are written.
std::vector<size_t> ring_order(const PoolDefinition& pool, Family family);

// The weight of a member in service: those of weight 0 serve only among their like, and alike.
inline uint32_t serving_weight(const PoolMember& member) { return member.weight > 0 ? member.weight : 1; }

}  // namespace dnsd
