// Which form of a document a client takes (RFC 9110 12), as pure functions of header fields.
//
// Lenient with defects: an element that is none is left out, a weight that is none counts as 1, and a field without
// any element is as good as none.
#pragma once

#include <cstdint>
#include <string_view>

namespace dnsd {

// Whether Accept (RFC 9110 12.5.1) allows the type, which may have parameters. Only the type itself is compared, so
// "text/plain;version=0.0.4" is the same as "text/plain"; the most specific range decides. No field allows all.
bool accepts_type(std::string_view field, std::string_view content_type);

enum class Coding : uint8_t { identity, gzip, none };

// What Accept-Encoding (RFC 9110 12.5.3) asks for, of what there is: always identity, and gzip where `has_gzip`.
// None: the client refuses all.
Coding choose_coding(std::string_view field, bool has_gzip);

}  // namespace dnsd
