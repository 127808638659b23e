#include "dnsd/answer/lookup.h"

#include <algorithm>

#include "zones/rr_types.h"

namespace dnsd {
namespace {

// The closest zone of at most `labels` labels.
ZoneId closest_zone(const Snapshot& snapshot, const NameKey& name, size_t labels) {
  const ZoneIndex& index = snapshot.index;
  for (size_t n = std::min(labels, index.most_labels());; --n) {
    if (!index.has_labels(n)) continue;  // fewest_labels() ends the loop
    const Bytes suffix = name.suffix(n);
    const ZoneId id = index.find(suffix, snapshot.hash(suffix));
    if (id != no_zone || n <= index.fewest_labels()) return id;
  }
}

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

const ServedZone* find_zone(const Snapshot& snapshot, const NameKey& name, uint16_t type) {
  if (snapshot.zones.empty() || name.labels() < snapshot.index.fewest_labels()) return nullptr;
  ZoneId id = closest_zone(snapshot, name, name.labels());
  if (id == no_zone) return nullptr;
  const size_t apex = snapshot.zones[id].zone->apex_labels();
  if (type == rr_type::DS && apex == name.labels() && apex > snapshot.index.fewest_labels()) {
    const ZoneId parent = closest_zone(snapshot, name, apex - 1);
    if (parent != no_zone) id = parent;
  }
  return &snapshot.zones[id];
}

Located locate(const CompiledZone& zone, const NameKey& name, uint64_t name_hash, uint16_t type, const NameHash& hash) {
  using Kind = Located::Kind;
  const NodeId exact = zone.find(name.lowercase(), name_hash);
  if (exact != no_node) {
    const Node node = zone.node(exact);
    if (!(node.flags() & Node::special)) [[likely]] return {Kind::exists, exact};
    if (node.flags() & Node::below_cut) return {Kind::delegation, node.above()};
    if (node.flags() & Node::below_dname) return {Kind::dname, node.above()};
    // DS records are the parent's: they are answered at the cut, not referred (RFC 4035 3.1.4.1).
    if ((node.flags() & Node::at_cut) && type != rr_type::DS) return {Kind::delegation, exact};
    return {Kind::exists, exact};
  }
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
