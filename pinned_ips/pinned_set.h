// A pinned set as operators write it (pinned_ips/*.yaml), as plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/instant.h"
#include "base/ip_address.h"

namespace dnsd {

// A promise about a prefix: from `enabled` to `retired` its addresses may be answered, and nothing else ever is.
struct PinnedEntry {
  IpPrefix cidr;
  std::string facility;
  DateOrInstant published;               // when the public feed first showed it
  DateOrInstant enabled;
  std::optional<DateOrInstant> retired;
  std::vector<IpAddress> addresses;      // those in service; a single-address prefix stands for itself when none given
  Place place;
  Place published_place, enabled_place, retired_place;  // of the values, for messages
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
  Duration notice = days(14);
  std::vector<PinnedEntry> entries;
  std::vector<PinnedClient> clients;
  Place place;
};

}  // namespace dnsd
