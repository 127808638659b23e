// zones/*.yaml: a zone, where its master file is, and what its shaped names answer.
//
//   key                       default     range
//   zone                      (required)  a domain name
//   records                   (required)  the master file, relative to the folder of this file
//   pools.NAME.ttl            60          0 to 604800 seconds, or a duration such as 5m
//   pools.NAME.cap            8           1 to 20 addresses of one family in an answer
//   pools.NAME.rotation       window      a policy: window, random
//   pools.NAME.spread         site        none, site: whether the members of an answer come from as many sites as can be
//   pools.NAME.sticky.ipv4    24          1 to 32: how many bits of an address are one client, for rotation sticky
//   pools.NAME.sticky.ipv6    56          1 to 128: the same of IPv6
//   pools.NAME.shares_with    none        a list of pools that may have the same addresses
//   pools.NAME.members        (required)  a list of 1 to 10000
//     .address                (required)  once in a pool
//     .weight                 1           0 to 1000
//     .site                   none        text
//     .state                  in          in, drain, out
//   names.OWNER.pool, .pinned at least one of them; OWNER is relative to the zone, @ its apex, absolute with a final dot
//                             pinned: one set, or with a pool a list of them
//   names.OWNER.pages         false       true, false: names that list the whole pool; with a pool, not at a wildcard
//   names.OWNER.feed_names    true        true, false: names that tell of the feed; with a pinned set, not at a wildcard
//   names.OWNER.hints         follow      follow, as-written: the address hints of SVCB and HTTPS records there
//
// Whether pools and pinned sets that a name speaks of exist is checked where all files are known.
// Thread safety: plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "dnsd/pools/pool_definition.h"
#include "zones/name.h"

namespace dnsd {

constexpr uint32_t max_weight = 1000;

struct ZoneConfig {
  Name origin;
  std::string records;  // path of the master file, as messages show it
  std::vector<PoolDefinition> pools;
  std::vector<NameRule> names;
  std::string file;     // this file
  Place place;          // of the value of `zone`
  Place records_place;  // of the value of `records`
};

// None where anything was reported as an error; all defects are. `as_far_as_read`, where given, gets what was good of a
// file with errors: its master file can be looked at all the same.
std::optional<ZoneConfig> read_zone_config(const std::string& path, Diagnostics& diagnostics,
                                           ZoneConfig* as_far_as_read = nullptr);
std::optional<ZoneConfig> parse_zone_config(std::string_view text, const std::string& shown_path,
                                            Diagnostics& diagnostics, ZoneConfig* as_far_as_read = nullptr);

// "in", "drain", "out"
std::string_view to_text(MemberState state);

}  // namespace dnsd
