// Everything a worker needs to answer, immutable: compiled zones, answer sets, the index of zones, settings.
//
// One change of any kind makes a new Snapshot that shares what did not change and is published with one pointer
// (publisher.h).
// Thread safety: any number of readers.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dnsd/snapshot/answer_sets.h"
#include "dnsd/snapshot/compiled_zone.h"
#include "dnsd/snapshot/feed_names.h"
#include "dnsd/snapshot/name_hash.h"
#include "dnsd/snapshot/pool_pages.h"
#include "dnsd/snapshot/server_settings.h"
#include "dnsd/snapshot/zone_index.h"

namespace dnsd {

struct ServedZone {
  std::shared_ptr<const CompiledZone> zone;
  std::vector<Shape> shapes;  // by Node::shape
};

struct Snapshot {
  uint64_t generation = 0;
  NameHash hash{0, 0};
  ZoneIndex index;
  std::vector<ServedZone> zones;  // by ZoneId
  uint32_t rotation_slots = 0;    // cursors that a worker must have (RotationState::fit)
  ServerSettings settings;

  // Owners of what the shapes point to, and the memory of which pool has which cursor; not for the query path.
  std::map<std::string, std::shared_ptr<const CompiledPool>> pools;  // by zone and name
  std::vector<std::unique_ptr<const PinnedAnswers>> pinned;
  std::vector<std::unique_ptr<const Audience>> audiences;
  std::vector<std::unique_ptr<const PoolPages>> pages;
  std::vector<std::unique_ptr<const Whoami>> whoami;
  std::vector<uint8_t> feed_record;  // of _ip-ranges.NAME; empty where there is no feed
  std::map<std::string, uint32_t> slot_of_pool;
};

}  // namespace dnsd
