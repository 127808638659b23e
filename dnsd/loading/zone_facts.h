// What remains of a zone's records when its Zone is gone: all that other files of the data directory are compared with
// (cross_check.h). A zone of a million records costs its compiled form and this.
//
// Thread safety: immutable.
#pragma once

#include <memory>
#include <span>

#include "dnsd/config/zone_config.h"
#include "zones/zone.h"

namespace dnsd {

struct ZoneFacts {
  size_t record_count = 0;
  bool is_signed = false;
  // The records at names that shaping answers, those of their pages among them, and the NS and DNAME records at names
  // above. Null where shaping answers nothing.
  std::unique_ptr<const Zone> at_shaped_names;
};

ZoneFacts facts_of(const Zone& zone, const ZoneConfig& config);

}  // namespace dnsd
