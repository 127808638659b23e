#include "zones/base64.h"

#include <algorithm>
#include <array>

namespace dnsd {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr uint8_t none = 255;

constexpr std::array<uint8_t, 256> values = [] {
  std::array<uint8_t, 256> table{};
  table.fill(none);
  for (size_t i = 0; i < alphabet.size(); ++i) table[static_cast<uint8_t>(alphabet[i])] = static_cast<uint8_t>(i);
  return table;
}();

uint8_t value_of(char c) { return values[static_cast<uint8_t>(c)]; }

}  // namespace

bool is_base64(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c == '=' || value_of(c) != none; });
}

std::optional<std::vector<uint8_t>> parse_base64(std::string_view text) {
  std::vector<uint8_t> octets;
  if (text.size() % 4 != 0) return std::nullopt;
  size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) text.remove_suffix(1), ++padding;
  uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const uint8_t value = value_of(c);
    if (value == none) return std::nullopt;
    bits = bits << 6 | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    octets.push_back(static_cast<uint8_t>(bits >> count));
  }
  if ((bits & ((1u << count) - 1)) != 0) return std::nullopt;  // bits that stand for nothing must be zero
  return octets;
}

std::string base64_text(Bytes octets) {
  std::string text;
  for (size_t i = 0; i < octets.size(); i += 3) {
    const size_t count = octets.size() - i < 3 ? octets.size() - i : 3;
    uint32_t bits = 0;
    for (size_t j = 0; j < 3; ++j) bits = bits << 8 | (j < count ? octets[i + j] : 0u);
    for (size_t j = 0; j < 4; ++j) text += j <= count ? alphabet[bits >> (18 - 6 * j) & 63] : '=';
  }
  return text;
}

}  // namespace dnsd
