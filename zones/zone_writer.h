// Records as text that reads back as the same records.
// Thread safety: no shared state.
#pragma once

#include <string>

#include "zones/zone.h"

namespace dnsd {

// "www.example.com. 300 IN A 192.0.2.1", without a newline.
std::string record_text(const RecordView& record);

// A whole master file: the SOA first, all names absolute, one record on a line.
std::string zone_text(const Zone& zone);

}  // namespace dnsd
