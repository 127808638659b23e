// Small text helpers that the standard library of g++ 12 lacks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dnsd {

// Digits only, no sign, no spaces, a leading zero only in "0" itself ("010" is a trap: 8 to some, 10 to others);
// nothing above `most`.
std::optional<uint64_t> parse_decimal(std::string_view text, uint64_t most = UINT64_MAX);

// Text from outside, fit for a message: control and non-ASCII octets as \xNN, cut after 100 octets with "…".
std::string printable(std::string_view text);

// "1 error", "2 errors", "0 errors".
std::string counted(size_t number, std::string_view noun);

// ASCII only, as DNS compares names (RFC 4343).
constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
constexpr uint8_t ascii_lower(uint8_t c) {
  return c >= 'A' && c <= 'Z' ? static_cast<uint8_t>(c + ('a' - 'A')) : c;
}
std::string ascii_lower(std::string_view text);
std::string ascii_upper(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);

// The candidate closest to `word`, for "did you mean …"; empty where none is near.
std::string_view closest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace dnsd
