// What operators write about a pool and about the names that use it, as plain data. The answers are made of it by
// ring.h; the YAML is read by dnsd/config.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/ip_address.h"
#include "zones/name.h"

namespace dnsd {

constexpr unsigned default_cap = 8;
constexpr unsigned max_cap = 20;  // real resolvers fail beyond about 20 addresses in an answer
constexpr uint32_t max_shaped_ttl = 604800;  // a week; for what must be able to change, longer is a mistake

enum class MemberState : uint8_t {
  in,     // handed out
  drain,  // no longer handed out, unless nothing else is in service
  out,    // never handed out
};

struct PoolMember {
  IpAddress address;
  uint32_t weight = 1;
  std::string site;
  MemberState state = MemberState::in;
  Place place;
};

struct PoolDefinition {
  std::string name;
  uint32_t ttl = 60;
  unsigned cap = default_cap;        // most addresses of one family in an answer, 1..max_cap
  std::string rotation = "window";   // a row of the table in policies.h
  std::vector<std::string> shares_with;  // pools that are meant to have addresses in common with this one
  std::vector<PoolMember> members;
  Place place;
};

// One line of `names:`: what a name of the zone answers for A and AAAA.
struct NameRule {
  Name owner;                         // absolute
  std::optional<std::string> pool;    // everybody gets this, where no pinned set applies
  std::optional<std::string> pinned;  // with a pool: the clients of the set get the set; alone: everybody does
  Place place;
  Place pool_place;    // of the value, for messages
  Place pinned_place;
};

}  // namespace dnsd
