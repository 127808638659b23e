// pool list: pools and their members.
#pragma once

#include <string>

#include "tools/zone_edit/session.h"

namespace dnsd {

struct PoolFilter {
  std::string pool;  // empty: all
  std::string zone;  // empty: all
};

// Returns the exit status.
int list_pools(const Session& session, const PoolFilter& filter);

}  // namespace dnsd
