// The load that resolvers bring to the members of a pool.
//
//   clients -> resolver -> cache for a TTL -> one worker of one server
//
// * The i-th of the resolvers has 1/i of the clients of the first (Zipf, exponent 1), and stands in a network of its
// own.
// * It keeps an answer for the pool's TTL. The first client that asks after that makes it ask anew: when, is drawn
//   (clients come as a Poisson process). Each query goes to a worker drawn among all workers of all servers.
// * All clients that ask meanwhile use that answer: each any address of it alike, or each the first one. How many
// they
//   are is taken as their number on average, so that what is seen is the answers' unevenness and not the clients'.
// * At the beginning caches are full or empty as they would be after a long time; what was cached before is not
// counted.
#pragma once

#include <vector>

#include "tools/zone_edit/simulate.h"

namespace dnsd {

// Of each member of the ring: queries of clients whose answer led to it.
struct Load {
  std::vector<double> any;    // clients use any address of the answer
  std::vector<double> first;  // clients use the first address
};

// Precondition: the pool has members of the family in service; there is at least one resolver, worker and server.
Load simulate_load(const CompiledPool& pool, Family family, const SimulationSettings& settings);

}  // namespace dnsd
