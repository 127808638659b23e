// The file of cookie secrets that several servers share (RFC 9018 5): one secret a line, 32 hexadecimal digits. The
// first makes cookies, all are accepted. Empty lines and what follows a # are passed over.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace dnsd {

constexpr size_t most_cookie_secrets = 3;  // the one in use, the one before it, the one that comes (RFC 9018 5)

// Empty where anything was reported as an error; no message repeats a secret.
std::vector<std::array<uint8_t, 16>> parse_cookie_secrets(std::string_view text, const std::string& shown_path,
                                                          Diagnostics& diagnostics);

}  // namespace dnsd
