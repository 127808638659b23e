// Dates of HTTP header fields (RFC 9110 5.6.7, before it RFC 7231 7.1.1.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"

namespace dnsd {

// "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(Instant instant);

// All three forms a recipient must accept: that one, RFC 850's "Sunday, 06-Nov-94 08:49:37 GMT" and asctime()'s
// "Sun Nov  6 08:49:37 1994". `now` decides the century of two digits. None for anything else: such a field is
// ignored.
std::optional<Instant> parse_http_date(std::string_view text, Instant now);

}  // namespace dnsd
