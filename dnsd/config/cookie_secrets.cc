#include "dnsd/config/cookie_secrets.h"

#include <optional>

namespace dnsd {
namespace {

constexpr size_t digits = 32;

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

std::optional<std::array<uint8_t, 16>> parse_secret(std::string_view text) {
  std::array<uint8_t, 16> secret;
  if (text.size() != digits) return std::nullopt;
  for (size_t i = 0; i < secret.size(); ++i) {
    const std::optional<unsigned> high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    secret[i] = static_cast<uint8_t>(*high << 4 | *low);
  }
  return secret;
}

std::string_view trimmed(std::string_view line) {
  line = line.substr(0, line.find('#'));
  const size_t first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

std::vector<std::array<uint8_t, 16>> parse_cookie_secrets(std::string_view text, const std::string& shown_path,
                                                          Diagnostics& diagnostics) {
  std::vector<std::array<uint8_t, 16>> secrets;
  bool good = true;
  uint32_t number = 0;
  for (size_t at = 0; at < text.size();) {
    const std::string_view line = text.substr(at, text.find('\n', at) - at);
    at += line.size() + 1;
    ++number;
    const std::string_view word = trimmed(line);
    if (word.empty()) continue;
    if (const auto secret = parse_secret(word)) {
      secrets.push_back(*secret);
      continue;
    }
    good = false;
    diagnostics.error({shown_path, number, 0}, "not a cookie secret: 32 hexadecimal digits (`openssl rand -hex 16`)");
  }
  if (good && (secrets.empty() || secrets.size() > most_cookie_secrets)) {
    good = false;
    diagnostics.error({shown_path, 0, 0}, std::to_string(secrets.size()) + " cookie secrets; there must be 1 to " +
                                              std::to_string(most_cookie_secrets) + ", a line each");
  }
  if (!good) secrets.clear();
  return secrets;
}

}  // namespace dnsd
