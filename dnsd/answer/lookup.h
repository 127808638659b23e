// Where a name leads: the zone, then the node, as RFC 1034 4.3.2 steps 2 and 3.
#pragma once

#include "dnsd/answer/name_key.h"
#include "dnsd/snapshot/snapshot.h"

namespace dnsd {

// The zone closest to the name; null where we serve none. For DS, which lives above the cut, the zone closest to the
// name's parent if we serve that (RFC 4035 3.1.4.1).
const ServedZone* find_zone(const Snapshot& snapshot, const NameKey& name, uint16_t type);

struct Located {
  enum class Kind : uint8_t {
    exists,      // `node` is the name's own, perhaps an empty non-terminal
    wildcard,    // `node` is the wildcard that makes the name up (RFC 4592 3.3.1)
    delegation,  // `node` is the zone cut at or above the name
    dname,       // `node` has the DNAME above the name
    no_name,     // NXDOMAIN
  };
  Kind kind;
  NodeId node;
  NodeId encloser = no_node;  // the closest encloser of a wildcard's name and of one that is not there
};

// Precondition: the name is at or below the zone's apex. `name_hash` is that of the whole name.
Located locate(const CompiledZone& zone, const NameKey& name, uint64_t name_hash, uint16_t type, const NameHash& hash);

}  // namespace dnsd
