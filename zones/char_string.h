// <character-string> of master files (RFC 1035 5.1): octets between text with the escapes \X and \DDD and octets.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "zones/logical_lines.h"

namespace dnsd {

// Appends the octets that a token stands for. A failure's offset is that of the bad escape, in the text of the token.
Status unescape_string(const Token& token, std::vector<uint8_t>& octets);

// Appends the octets in quotes.
void append_quoted(Bytes octets, std::string& text);

// Octets as text that needs no quotes.
std::string escaped_word(Bytes octets);

}  // namespace dnsd
