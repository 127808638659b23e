// LOC (RFC 1876 3): a place on earth between text and its 16 octets.
//
//   42 21 54.000 N  71 6 18.000 W  -24.00m  30m 10000m 10m
//   latitude        longitude      altitude size, horizontal and vertical precision (1m 10000m 10m if not given)
//
// Minutes and seconds may be left out, and "m" may. Sizes keep their first digit only, as the format does.
// Thread safety: no shared state.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "zones/logical_lines.h"

namespace dnsd {

// Appends 16 octets. A failure's offset is that of the token at fault, or `end` where one is missing.
Status append_location(std::span<const Token> tokens, size_t end, std::vector<uint8_t>& rdata);

// Precondition: 16 octets that rdata_defect() finds nothing wrong with, or a text of which nobody expects sense.
std::string location_text(Bytes rdata);

}  // namespace dnsd
