// How many sockets the process may have, and what that leaves for HTTP.
#pragma once

#include <cstdint>

namespace dnsd {

// Raises the limit of open descriptors (RLIMIT_NOFILE) as far as this process may, and says what it is now.
uint64_t raise_descriptor_limit();

// How many of the connections that are asked for fit under the limit, beside what everything else may open and some that
// are about to close. At least a few, even where there is no room: DNS does without a descriptor sooner than everybody
// without the feed.
unsigned connections_within(unsigned asked, uint64_t limit, uint64_t everything_else);

}  // namespace dnsd
