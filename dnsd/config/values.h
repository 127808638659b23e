// What the text of one YAML value means. Pure functions; a Failure says what is wrong and what to write instead, its
// offset is in the text of the value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/ip_address.h"
#include "base/result.h"

namespace dnsd {

// Decimal digits only. "010" is refused: some readers of YAML take it for 8.
Result<uint64_t> number_value(std::string_view text, uint64_t least, uint64_t most);
// Seconds or a duration such as 5m, from `least` to `most` seconds.
Result<Duration> duration_value(std::string_view text, Duration least, Duration most);
Result<uint32_t> ttl_value(std::string_view text);  // 0 to max_shaped_ttl
// An IPv4-mapped IPv6 address is refused: it means the IPv4 address, and must be written so.
Result<IpAddress> address_value(std::string_view text);
Result<IpPrefix> prefix_value(std::string_view text);

struct Endpoint {
  IpAddress address;
  uint16_t port = 0;
};
// "127.0.0.1:53" or "[::1]:53"; the port is 1 to 65535.
Result<Endpoint> endpoint_value(std::string_view text);

// The name of a pool, set or client: 1 to 63 letters, digits, '-', '_' or '.'.
Result<std::string> identifier_value(std::string_view text);
// Any text that is not empty and has no control characters, at most 255 octets.
Result<std::string> text_value(std::string_view text);
// A path, relative to the folder of `file` unless it begins with '/'.
Result<std::string> path_value(std::string_view text, std::string_view file);
// "https://feed.example.com" or with a path: what other paths are appended to, so without a "/" at its end.
Result<std::string> base_url_value(std::string_view text);
// The index of one of the words.
Result<size_t> word_value(std::string_view text, const std::vector<std::string_view>& words);

}  // namespace dnsd
