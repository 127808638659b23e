// Defects that only show when all files of the data directory are seen together.
//
// One function and one row of the table in cross_check.cc for each kind; each with a test that has its words.
#pragma once

#include "base/diagnostic.h"
#include "base/instant.h"
#include "zones/zone_file.h"

namespace dnsd {

struct DataDirectory;

// Reports everything it finds, with the lines of the files that `open` gives. Zones whose master file could not be
// read (null) are left out of what needs records.
void cross_check(const DataDirectory& data, Instant now, const OpenFile& open, Diagnostics& diagnostics);

}  // namespace dnsd
