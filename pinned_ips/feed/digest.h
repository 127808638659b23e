// SHA-256, and octets as text, by libcrypto.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace dnsd {

using Sha256 = std::array<uint8_t, 32>;

// Fails only where libcrypto cannot work at all (no memory, no provider for SHA-256).
Result<Sha256> sha256(std::string_view text);

std::string hex(Bytes octets);     // lower case
std::string base64(Bytes octets);  // RFC 4648 4, with padding
// Nothing but base64 with its padding, else none.
std::optional<std::vector<uint8_t>> base64_octets(std::string_view text);

}  // namespace dnsd
