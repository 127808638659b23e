#include "dnsd/snapshot/compiled_zone.h"

namespace dnsd {

NameView CompiledZone::name_at(uint32_t offset) const {
  const Bytes rest = Bytes(octets_).subspan(offset);
  return NameView(rest.first(wire_name_length(rest)));
}

size_t CompiledZone::memory() const {
  return sizeof *this + octets_.capacity() + targets_.capacity() * sizeof(Target) + slots_.capacity() * sizeof(Slot) +
         nsec_owners_.capacity() * sizeof(NodeId) + nsec3_.memory();
}

}  // namespace dnsd
