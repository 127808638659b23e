// What a pool's answers do to its members, found out by asking: the shares that are handed out, the load that
// resolvers make of them, how soon all members are seen, and whom it touches when one leaves.
//
// The answers are those of shape_answer(), from as many RotationStates as there are workers, each with its own seed.
// Pure: the same settings give the same numbers. Thread safety: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dnsd/pools/pool_definition.h"
#include "dnsd/pools/shares.h"
#include "dnsd/snapshot/answer_sets.h"

namespace dnsd {

struct SimulationSettings {
  uint64_t queries = 1'000'000;  // of clients to their resolvers, in the whole time
  uint32_t resolvers = 1000;     // load_model.h says how they behave
  uint32_t clients = 10'000;     // networks of clients that the answers are counted over
  uint64_t seed = 1;
  double hours = 1;
  uint32_t workers = 4;  // of each server
  uint32_t servers = 2;
};

// Of one member in service, in the order of the ring. Shares are parts of 1 over all members of the family.
struct MemberResult {
  IpAddress address;
  std::string site;
  uint32_t weight = 1;
  bool limited = false;  // it weighs more than can be followed
  bool in_each = false;  // it stands in every answer
  double by_weight = 0;  // what its weight says
  double exact = 0;      // the same, as far as no member can stand twice in an answer
  double handed_out = 0;
  double first = 0;       // how often it came first
  double load_any = 0;    // where clients use any address of the answer
  double load_first = 0;  // where they use the first one
};

// Of one site, "" for members without.
struct SiteResult {
  std::string name;
  size_t members = 0;
  double exact = 0;
  double handed_out = 0;
  uint32_t least = 0, most = 0;  // members of it in one answer
};

// The busiest and the idlest member by load over exact share: 1 is even.
struct LoadRange {
  double most = 1, least = 1;
  size_t busiest = 0, idlest = 0;  // places in `members`
};

struct SeenAll {
  double mean = 0;  // answers of one worker until every member has been seen
  uint64_t worst = 0;
  uint32_t starts = 0;   // that it was tried from
  bool complete = true;  // false where some start saw no end
};

struct Churn {
  size_t removed = 0;      // members
  double changed = 0;      // part of the clients, or answers, that change
  double had_removed = 0;  // those that held a member that leaves: fewer is impossible
  double cap_over_n = 0;   // what that is on average for members of the same weight
  double replaced = 0;     // members that are others in an answer that changes, on average
};

struct RingResult {
  Family family = Family::ipv4;
  uint32_t take = 0;              // members in an answer
  uint32_t turn = 0;              // different answers
  bool exact = true;              // Shares::exact
  uint64_t answers = 0;           // that were counted
  double deviation_one_turn = 0;  // largest one from the exact share, as a part of it, after one turn of each worker
  double deviation = 0;           // after all of them
  std::vector<MemberResult> members;
  std::vector<SiteResult> sites;
  LoadRange any, first;
  SeenAll seen_all;
  std::optional<Churn> churn;
};

// Of each family that has members in service. `pool` is what `definition` was compiled to. With `remaining`, what the
// pool would be without some members, its churn too.
std::vector<RingResult> simulate(const PoolDefinition& definition, const CompiledPool& pool,
                                 const SimulationSettings& settings, const PoolDefinition* remaining = nullptr);

}  // namespace dnsd
