// A pinned set as operators write it (pinned_ips/*.yaml), as plain data: what they ask for. What is answered and
// published is what was granted (promise.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/instant.h"
#include "base/ip_address.h"
#include "pinned_ips/policy.h"

namespace dnsd {

// A promise about a prefix: from `enabled` to `retired` its addresses may be answered, and nothing else ever is.
struct PinnedEntry {
  IpPrefix cidr;
  std::string facility;
  std::string reason;                // of the last change, for the feed
  DateOrInstant enabled;
  std::optional<DateOrInstant> retired;
  std::vector<IpAddress> addresses;  // those in service; a single-address prefix stands for itself when none given
  std::vector<IpAddress> standby;    // ready to take the place of those
  bool cancelled = false, revoked = false, waived = false;
  Place place;
  Place enabled_place, retired_place;  // of the values, for messages
};

// The networks of one customer, who gets this set where a name has both a pool and a set.
struct PinnedClient {
  // There may be a million: where it stands in the file of `place` is kept in little.
  struct Source {
    IpPrefix prefix;
    uint32_t line = 0;
    uint32_t column = 0;
  };
  std::string name;
  std::vector<Source> sources;
  Place place;

  Place place_of(const Source& source) const { return {place.file, source.line, source.column}; }
};

struct PinnedSet {
  std::string name;
  uint32_t ttl = 300;
  PinnedPolicy policy;
  unsigned min_standby = 0;     // fewer standbys of a family than this are warned of
  std::vector<IpAddress> out;   // dead, or taken out of service: standbys take their places
  std::vector<PinnedEntry> entries;
  std::vector<PinnedClient> clients;
  Place place;
};

}  // namespace dnsd
