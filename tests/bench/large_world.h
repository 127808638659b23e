// Zones of many names, and many zones.
#pragma once

#include <cstddef>
#include <string>

namespace dnsd::bench {

// A master file with n00000000, n00000001, …, an A record each. Eight digits.
std::string text_of_names(size_t count);

}  // namespace dnsd::bench
