// Checked inputs -> Snapshot.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "dnsd/pools/pool_definition.h"
#include "dnsd/snapshot/snapshot.h"
#include "pinned_ips/pinned_set.h"
#include "zones/zone.h"

namespace dnsd {

struct ZoneInput {
  std::shared_ptr<const Zone> zone;
  std::vector<PoolDefinition> pools;
  std::vector<NameRule> names;
};

struct SnapshotInput {
  std::vector<ZoneInput> zones;
  std::vector<PinnedSet> pinned_sets;
  ServerSettings settings;
};

// The compiled form of each zone, by the zone it was made of and its names, so that an unchanged zone is not compiled
// again. Belongs to one NameHash key.
class CompiledZoneCache {
 public:
  Result<std::shared_ptr<const CompiledZone>> get(const ZoneInput& input, std::span<const ShapedName> shaped,
                                                  const NameHash& hash);
  // Forgets what was not asked for since the last call.
  void sweep();

 private:
  struct Row {
    std::weak_ptr<const Zone> zone;
    std::vector<Name> shaped;
    std::shared_ptr<const CompiledZone> compiled;
    bool used = true;
  };
  std::map<const Zone*, Row> rows_;
};

// Precondition: the inputs passed their checks (dnsd/loading); no two zones have the same origin.
// `previous` gives pools that go on their cursors; null for the first snapshot.
Result<std::unique_ptr<Snapshot>> compile_snapshot(const SnapshotInput& input, const NameHash& hash, Instant now,
                                                   uint64_t generation, const Snapshot* previous,
                                                   CompiledZoneCache& cache);

}  // namespace dnsd
