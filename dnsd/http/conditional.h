// The request header fields that decide what is sent back, as pure functions of their text.
#pragma once

#include <string_view>

namespace dnsd {

// Whether If-None-Match (RFC 9110 13.1.2) names the entity tag: "*", or a list that has it, compared weakly, so that
// W/"x" and "x" are the same. `etag` is strong and in quotes. Text after a defect in the list is ignored.
bool if_none_match(std::string_view field, std::string_view etag);

// Whether Accept-Encoding (RFC 9110 12.5.3) asks for gzip. An absent (empty) field does not.
bool accepts_gzip(std::string_view field);

}  // namespace dnsd
