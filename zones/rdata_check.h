// What the fields of RDATA cannot say each for itself: rules on the octets of some types.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace dnsd {

// Empty if `rdata` is as the RFC of its type wants it; otherwise what is wrong, without a final stop.
// Precondition: it has the shape of its type (decode_fields).
std::string rdata_defect(uint16_t type, Bytes rdata);

}  // namespace dnsd
