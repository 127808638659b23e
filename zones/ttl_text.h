// TTLs and the timers of an SOA as master files write them: a number of seconds, or numbers with the units s, m, h, d
// and w in either case, "1h30m".
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace dnsd {

constexpr uint32_t max_ttl = 0x7fffffff;  // RFC 2181 8

// A failure says whether this is no TTL at all or one beyond max_ttl.
Result<uint32_t> parse_ttl(std::string_view text);

}  // namespace dnsd
