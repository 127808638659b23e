// From the words of the command line to a verb.
#pragma once

#include <ostream>

#include "base/instant.h"

namespace dnsd {

// Runs zone-edit; returns its exit status. `now` is the instant at which everything is looked at.
int run_zone_edit(int argc, const char* const* argv, Instant now, std::ostream& out, std::ostream& err);

}  // namespace dnsd
