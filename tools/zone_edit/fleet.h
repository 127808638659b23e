// The workers of all servers, asked one at a time: a simulation's way to shape_answer().
//
// Thread safety: one thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "dnsd/answer/shaping.h"

namespace dnsd {

class Fleet {
 public:
  // `pool` must outlive it, and have members of the family in service.
  Fleet(const CompiledPool& pool, Family family, uint32_t workers, uint64_t seed);

  uint32_t workers() const { return static_cast<uint32_t>(states_.size()); }
  const Ring& ring() const { return ring_; }
  // The members in an answer, as places in ring().members, the first one first. Valid until the next call.
  std::span<const uint16_t> ask(uint32_t worker, const IpAddress& client);

 private:
  const Shape shape_;
  const Ring& ring_;
  const Family family_;
  std::vector<RotationState> states_;
  std::vector<uint16_t> answer_;
};

// Clients and resolvers, each in a network of its own as far as there are that many; others with another seed.
class ClientNetworks {
 public:
  ClientNetworks(const ClientNetwork& network, uint64_t seed)
      : bits_(network.ipv4), offset_(static_cast<uint32_t>(mix(seed))) {}
  IpAddress at(uint32_t number) const;

 private:
  const unsigned bits_;
  const uint32_t offset_;
};

}  // namespace dnsd
