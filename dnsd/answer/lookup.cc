#include "dnsd/answer/lookup.h"

#include <algorithm>

#include "zones/rr_types.h"

namespace dnsd {
namespace {

// The longest existing ancestor (RFC 4592 3.3.1). Nodes exist for every ancestor of a node, so "a suffix of n labels
// exists" is true up to some n and false beyond: bisect it. A name of 127 labels costs 7 probes at the most.
NodeId closest_encloser(const CompiledZone& zone, const NameKey& name, const NameHash& hash) {
  NodeId best = CompiledZone::apex;
  size_t low = zone.apex_labels();
  size_t high = std::min(name.labels() - 1, zone.deepest_labels());
  while (low < high) {
    const size_t middle = (low + high + 1) / 2;
    const Bytes suffix = name.suffix(middle);
    const NodeId found = zone.find(suffix, hash(suffix));
    if (found == no_node) {
      high = middle - 1;
    } else {
      low = middle;
      best = found;
    }
  }
  return best;
}

}  // namespace

const ServedZone* find_zone_of_parent(const Snapshot& snapshot, const NameKey& name) {
  const size_t labels = name.labels() - 1;
  const ZoneId id = labels < snapshot.index.fewest_labels() ? no_zone : closest_zone(snapshot, name, labels);
  return id == no_zone ? nullptr : &snapshot.zones[id];
}

Located locate_above(const CompiledZone& zone, const NameKey& name, const NameHash& hash) {
  using Kind = Located::Kind;
  const NodeId encloser = closest_encloser(zone, name, hash);
  const Node node = zone.node(encloser);
  if (node.flags() & Node::below_cut) return {Kind::delegation, node.above()};
  if (node.flags() & Node::below_dname) return {Kind::dname, node.above()};
  if (node.flags() & Node::at_cut) return {Kind::delegation, encloser};
  if (node.flags() & Node::has_dname) return {Kind::dname, encloser};
  if (node.wildcard() != no_node) return {Kind::wildcard, node.wildcard(), encloser};
  return {Kind::no_name, no_node, encloser};
}

}  // namespace dnsd
