// From the words of an operator to zones, names and pools; what is not there is told with what is.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "dnsd/config/zone_config.h"
#include "dnsd/loading/data_directory.h"
#include "zones/name.h"

namespace dnsd {

std::vector<const ZoneConfig*> zone_configs(std::span<const ZoneConfig> zones);
std::vector<const ZoneConfig*> zone_configs(const DataDirectory& data);

// By its apex, with or without the final dot.
Result<const ZoneConfig*> find_zone(std::span<const ZoneConfig* const> zones, const std::string& text);

// "@" is the apex; a name that ends in the zone's is taken as it stands, with or without the final dot; any other is
// relative to the zone.
Result<Name> find_owner(const std::string& text, const ZoneConfig& zone);

struct FoundPool {
  const ZoneConfig* zone;
  const PoolDefinition* pool;
};
// `zone_text` may be empty where only one zone has a pool of this name.
Result<FoundPool> find_pool(std::span<const ZoneConfig* const> zones, const std::string& name,
                            const std::string& zone_text);

}  // namespace dnsd
