// What operators write about a pool and about the names that use it, as plain data. The answers are made of it by
// ring.h; the YAML is read by dnsd/config.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/ip_address.h"
#include "zones/name.h"

namespace dnsd {

constexpr size_t max_members = 10000;
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

// Whether the members of an answer come from as many sites as their shares allow.
enum class Spread : uint8_t { none, site };

// How much of a client's address tells it from others, in bits: what stays of it is one client.
struct ClientNetwork {
  unsigned ipv4 = 24;
  unsigned ipv6 = 56;
  bool operator==(const ClientNetwork&) const = default;
};

struct PoolDefinition {
  std::string name;
  uint32_t ttl = 60;
  unsigned cap = default_cap;        // most addresses of one family in an answer, 1..max_cap
  std::string rotation = "window";   // a row of the table in policies.h
  Spread spread = Spread::site;
  ClientNetwork sticky;              // who counts as one client, for the policy of that name
  std::vector<std::string> shares_with;  // pools that are meant to have addresses in common with this one
  std::vector<PoolMember> members;
  Place place;
};

// What the address hints of SVCB and HTTPS records at a shaped name say (RFC 9460 7.3).
enum class Hints : uint8_t {
  follow,      // what the name answers for A and AAAA
  as_written,
};

// One line of `names:`: what a name of the zone answers for A and AAAA.
struct NameRule {
  struct Set {
    std::string name;
    Place place;  // of the value, for messages
  };
  Name owner;                       // absolute
  std::optional<std::string> pool;  // everybody gets this, where no pinned set applies
  std::vector<Set> pinned;          // with a pool: the clients of each set get that set; alone, one: everybody does
  bool pages = false;               // page-1.OWNER … list the whole pool, pages.OWNER says how many there are
  bool feed_names = true;           // _ip-ranges.OWNER, next.OWNER and whoami.OWNER, where there is a pinned set
  Hints hints = Hints::follow;
  Place place;
  Place pool_place;
  Place pages_place;

  bool has_set(const std::string& set) const {
    return std::ranges::any_of(pinned, [&](const Set& s) { return s.name == set; });
  }
};

}  // namespace dnsd
