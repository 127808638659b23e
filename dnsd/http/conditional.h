// Whether a client has what it asks for already, as a pure function of a header field.
#pragma once

#include <string_view>

namespace dnsd {

// Whether If-None-Match (RFC 9110 13.1.2) names the entity tag: "*", or a list that has it, compared weakly, so that
// W/"x" and "x" are the same. `etag` is strong and in quotes. Text after a defect in the list is ignored.
bool if_none_match(std::string_view field, std::string_view etag);

}  // namespace dnsd
