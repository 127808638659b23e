#include "zones/base64.h"

namespace dnsd {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::optional<std::vector<uint8_t>> parse_base64(std::string_view text) {
  std::vector<uint8_t> octets;
  if (text.size() % 4 != 0) return std::nullopt;
  size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) text.remove_suffix(1), ++padding;
  uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const size_t value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<uint32_t>(value);
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
