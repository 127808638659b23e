// Pools for the measurements: the same members each time.
#pragma once

#include <memory>
#include <string>

#include "client_prefixes.h"
#include "dnsd/pools/pool_definition.h"
#include "workload.h"

namespace dnsd::bench {

struct PoolKind {
  std::string rotation = "window";
  size_t members = 40;
  Family family = Family::ipv4;
  bool weights = false;  // 1 to 5, in turn
  size_t sites = 0;
};
PoolDefinition make_pool(const PoolKind& kind);

// shaped.example.org. of this pool. With `rows`, clients there get a pinned set.
std::shared_ptr<const Snapshot> shaped_world(const PoolDefinition& pool, const std::vector<PrefixTable::Row>* rows);

// A pool of 40 and a pinned set with `count` client prefixes. By the option, or by source address.
Workload clients(Layout layout, size_t count, Asker asker, bool by_option);
Workload pool(const PoolKind& kind);

}  // namespace dnsd::bench
