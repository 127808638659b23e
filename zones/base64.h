// Base64 (RFC 4648 4), with padding.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace dnsd {

// Nothing where the text is not whole, canonical base64.
std::optional<std::vector<uint8_t>> parse_base64(std::string_view text);
// Whether all characters are of its alphabet, '=' among them.
bool is_base64(std::string_view text);
std::string base64_text(Bytes octets);

}  // namespace dnsd
