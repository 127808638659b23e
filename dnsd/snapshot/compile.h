// Checked inputs -> Snapshot.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "dnsd/pools/pool_definition.h"
#include "dnsd/snapshot/snapshot.h"
#include "pinned_ips/pinned_set.h"
#include "pinned_ips/promise.h"
#include "zones/zone.h"

namespace dnsd {

struct ZoneInput {
  std::shared_ptr<const Zone> zone;  // null where `compiled` is not
  std::vector<PoolDefinition> pools;
  std::vector<NameRule> names;
  std::shared_ptr<const CompiledZone> compiled = nullptr;  // with shaped_names(pools, names); null: still to be done

  NameView origin() const { return compiled ? compiled->origin() : zone->origin(); }
};

// All names that the rules make dnsd answer by shaping: their own, then those of their pages.
std::vector<Name> shaped_names(std::span<const PoolDefinition> pools, std::span<const NameRule> names);

// The compiled form of a zone whose rules these are, for ZoneInput::compiled. Fails where it outgrows 4 GiB.
// Precondition: the zone passed its own checks; what its rules say about its names need not have been checked.
Result<std::shared_ptr<const CompiledZone>> compile_zone(const Zone& zone, std::span<const PoolDefinition> pools,
                                                         std::span<const NameRule> names, const NameHash& hash);

// What _ip-ranges.NAME says about the feed.
struct PublishedFeed {
  uint64_t serial = 0;
  std::string sha256;  // of ip-ranges.json, hexadecimal
};

struct SnapshotInput {
  std::vector<ZoneInput> zones;
  std::vector<PinnedSet> pinned_sets;
  ServerSettings settings;
  std::vector<PromisedSet> promised{};  // what was granted of those sets
  std::optional<PublishedFeed> feed{};  // that shows them; none: there is none
  std::string feed_url{};               // the public address of that feed; empty where it is not known
};

// The compiled form of zones that come as Zone, by that and their shaped names, so that an unchanged zone is not compiled
// again. Belongs to one NameHash key.
class CompiledZoneCache {
 public:
  Result<std::shared_ptr<const CompiledZone>> get(const ZoneInput& input, const NameHash& hash);
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
// The same where no zone is to be compiled a second time.
Result<std::unique_ptr<Snapshot>> compile_snapshot(const SnapshotInput& input, const NameHash& hash, Instant now,
                                                   uint64_t generation, const Snapshot* previous);

}  // namespace dnsd
