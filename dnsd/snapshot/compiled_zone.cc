#include "dnsd/snapshot/compiled_zone.h"

#include <cstring>

namespace dnsd {

NodeId CompiledZone::find(Bytes lowercase, uint64_t hash) const {
  const size_t mask = slots_.size() - 1;
  const auto tag = static_cast<uint32_t>(hash >> 32);
  for (size_t i = hash & mask;; i = (i + 1) & mask) {
    const Slot& slot = slots_[i];
    if (slot.node == no_node) return no_node;
    if (slot.tag != tag) continue;
    const Node& candidate = nodes_[slot.node];
    if (candidate.owner_size == lowercase.size() &&
        std::memcmp(&octets_[candidate.owner], lowercase.data(), lowercase.size()) == 0) {
      return slot.node;
    }
  }
}

const RRset* CompiledZone::find_rrset(const Node& node, uint16_t type) const {
  for (const RRset& rrset : rrsets(node))
    if (rrset.type == type) return &rrset;
  return nullptr;
}

NameView CompiledZone::name_at(uint32_t offset) const {
  const Bytes rest = Bytes(octets_).subspan(offset);
  return NameView(rest.first(wire_name_length(rest)));
}

size_t CompiledZone::memory() const {
  return sizeof *this + octets_.capacity() + nodes_.capacity() * sizeof(Node) + rrsets_.capacity() * sizeof(RRset) +
         targets_.capacity() * sizeof(Target) + slots_.capacity() * sizeof(Slot) +
         nsec_owners_.capacity() * sizeof(NodeId) + nsec3_.memory();
}

}  // namespace dnsd
