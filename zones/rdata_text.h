// RDATA between text and wire form.
//
// All types of the table in rr_types have a form of their own but NULL, A6, UINFO, UID, GID and UNSPEC: these, like
// types without a row, have the form of RFC 3597 5 alone, "\# length hex". That form is allowed for any type, and
// checked against the shape of a known one.
//
// Thread safety: no shared state.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "zones/logical_lines.h"
#include "zones/name.h"

namespace dnsd {

// A failure's offset is one within `text`. Relative names are completed with `origin`.
Result<std::vector<uint8_t>> rdata_from_text(uint16_t type, std::string_view text, NameView origin);

// One line of text from which rdata_from_text gives the same octets; in the form of RFC 3597 where there is no other.
std::string rdata_to_text(uint16_t type, Bytes rdata);

// For the reader of master files: the RDATA ends up in `rdata`. A failure's offset is that of a token, or `end`.
Status rdata_from_tokens(uint16_t type, std::span<const Token> tokens, size_t end, NameView origin,
                         std::vector<uint8_t>& rdata);

}  // namespace dnsd
