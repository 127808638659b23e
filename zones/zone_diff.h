// Which records two states of a zone do not share.
// Thread safety: no shared state.
#pragma once

#include <string>
#include <vector>

#include "zones/zone.h"

namespace dnsd {

// A record as one string, equal for equal records: owner without regard to case, type, TTL and RDATA.
std::string record_key(NameView owner, uint16_t type, uint32_t ttl, Bytes rdata);

struct ZoneDiff {
  std::vector<std::string> removed;  // record_key of each, sorted; a record that stands twice counts twice
  std::vector<std::string> added;
  bool operator==(const ZoneDiff&) const = default;
};

// Precondition: both zones have one origin.
ZoneDiff diff_zones(const Zone& before, const Zone& after);

}  // namespace dnsd
