// record list: what a zone holds, as people and scripts want to see it.
#pragma once

#include <string>

#include "tools/zone_edit/session.h"

namespace dnsd {

struct RecordFilter {
  std::string zone;
  std::string name;  // empty: all
  std::string type;  // empty: all; else one that parse_type() knows
};

// Returns the exit status.
int list_records(const Session& session, const RecordFilter& filter);

}  // namespace dnsd
