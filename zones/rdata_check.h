// What the text form of RDATA cannot say and ldns does not look at: rules on the octets of some types.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace dnsd {

// Empty if `rdata` is as the RFC of its type wants it; otherwise what is wrong, without a final stop.
// Names must have been found well-formed before (for_each_name).
std::string rdata_defect(uint16_t type, Bytes rdata);

}  // namespace dnsd
