#include "dnsd/config/cookie_secrets.h"

#include <optional>

#include "dnsd/config/secret_lines.h"

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

}  // namespace

std::vector<std::array<uint8_t, 16>> parse_cookie_secrets(std::string_view text, const std::string& shown_path,
                                                          Diagnostics& diagnostics) {
  std::vector<std::array<uint8_t, 16>> secrets;
  bool good = true;
  for_each_secret_line(text, [&](uint32_t number, std::string_view word) {
    if (const auto secret = parse_secret(word)) {
      secrets.push_back(*secret);
      return;
    }
    good = false;
    diagnostics.error({shown_path, number, 0}, "not a cookie secret: 32 hexadecimal digits (`openssl rand -hex 16`)");
  });
  if (good && (secrets.empty() || secrets.size() > most_cookie_secrets)) {
    good = false;
    diagnostics.error({shown_path, 0, 0}, std::to_string(secrets.size()) + " cookie secrets; there must be 1 to " +
                                              std::to_string(most_cookie_secrets) + ", a line each");
  }
  if (!good) secrets.clear();
  return secrets;
}

}  // namespace dnsd
