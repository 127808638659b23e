// A TXT record (RFC 1035 3.3.14), ready to be copied into answers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace dnsd {

// Of these character-strings; each has 255 octets at the most.
std::vector<uint8_t> text_record(uint32_t ttl, const std::vector<std::string>& texts);

}  // namespace dnsd
