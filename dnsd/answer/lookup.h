// Where a name leads: the zone, then the node, as RFC 1034 4.3.2 steps 2 and 3.
#pragma once

#include <algorithm>

#include "dnsd/answer/name_key.h"
#include "dnsd/snapshot/snapshot.h"
#include "zones/rr_types.h"

namespace dnsd {

// The closest zone of at most `labels` labels. Precondition: labels >= index.fewest_labels().
[[gnu::always_inline]] inline ZoneId closest_zone(const Snapshot& snapshot, const NameKey& name, size_t labels) {
  const ZoneIndex& index = snapshot.index;
  for (size_t n = std::min(labels, index.most_labels());; --n) {
    const ZoneId id = index.find(name.suffix(n), n, snapshot.hash);
    if (id != no_zone || n <= index.fewest_labels()) return id;
  }
}

// The zone closest to the name's parent; null where we serve none.
const ServedZone* find_zone_of_parent(const Snapshot& snapshot, const NameKey& name);

// The zone closest to the name; null where we serve none. For DS, which lives above the cut, the zone closest to the
// name's parent if we serve that (RFC 4035 3.1.4.1).
[[gnu::always_inline]] inline const ServedZone* find_zone(const Snapshot& snapshot, const NameKey& name, uint16_t type) {
  if (name.labels() < snapshot.index.fewest_labels()) return nullptr;
  const ZoneId id = closest_zone(snapshot, name, name.labels());
  if (id == no_zone) return nullptr;
  const ServedZone* served = &snapshot.zones[id];
  if (type == rr_type::DS && served->zone->apex_labels() == name.labels()) [[unlikely]] {
    if (const ServedZone* parent = name.labels() > 0 ? find_zone_of_parent(snapshot, name) : nullptr) return parent;
  }
  return served;
}

struct Located {
  enum class Kind : uint8_t {
    exists,      // `node` is the name's own, perhaps an empty non-terminal
    wildcard,    // `node` is the wildcard that makes the name up (RFC 4592 3.3.1)
    delegation,  // `node` is the zone cut at or above the name
    dname,       // `node` has the DNAME above the name
    no_name,     // NXDOMAIN
  };
  Kind kind = Kind::no_name;
  NodeId node = no_node;
  NodeId encloser = no_node;  // the closest encloser of a wildcard's name and of one that is not there
};

// Of a name that has no node of its own.
Located locate_above(const CompiledZone& zone, const NameKey& name, const NameHash& hash);

// Precondition: the name is at or below the zone's apex. `name_hash` is that of the whole name.
[[gnu::always_inline]] inline Located locate(const CompiledZone& zone, const NameKey& name, uint64_t name_hash,
                                             uint16_t type, const NameHash& hash) {
  using Kind = Located::Kind;
  const NodeId exact = zone.find(name.lowercase(), name_hash);
  if (exact == no_node) return locate_above(zone, name, hash);
  const Node node = zone.node(exact);
  if (!(node.flags() & Node::special)) [[likely]] return {Kind::exists, exact};
  if (node.flags() & Node::below_cut) return {Kind::delegation, node.above()};
  if (node.flags() & Node::below_dname) return {Kind::dname, node.above()};
  // DS records are the parent's: they are answered at the cut, not referred (RFC 4035 3.1.4.1).
  if ((node.flags() & Node::at_cut) && type != rr_type::DS) return {Kind::delegation, exact};
  return {Kind::exists, exact};
}

}  // namespace dnsd
