#include "zones/char_string.h"

namespace dnsd {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The value of \DDD, whose digits begin at text[at]; -1 if there is none.
int decimal_escape(std::string_view text, size_t at) {
  if (text.size() < at + 3) return -1;
  int value = 0;
  for (size_t i = at; i < at + 3; ++i) {
    if (!is_digit(text[i])) return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value <= 255 ? value : -1;
}

void append_decimal_escape(uint8_t octet, std::string& text) {
  const char escape[] = {'\\', static_cast<char>('0' + octet / 100), static_cast<char>('0' + octet / 10 % 10),
                         static_cast<char>('0' + octet % 10)};
  text.append(escape, sizeof escape);
}

// `special` octets get a backslash, those that are not printable their number.
void append_octet(uint8_t octet, std::string_view special, bool space_is_plain, std::string& text) {
  if (octet > 0x7e || octet < 0x20 || (octet == 0x20 && !space_is_plain)) return append_decimal_escape(octet, text);
  if (special.find(static_cast<char>(octet)) != std::string_view::npos) text += '\\';
  text += static_cast<char>(octet);
}

}  // namespace

Status unescape_string(const Token& token, std::vector<uint8_t>& octets) {
  const std::string_view text = token.text;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      octets.push_back(static_cast<uint8_t>(text[at]));
    } else if (at + 1 < text.size() && !is_digit(text[at + 1])) {
      octets.push_back(static_cast<uint8_t>(text[++at]));
    } else {
      const int value = decimal_escape(text, at + 1);
      if (value < 0) {
        return Failure{"a bad escape; write \\X or \\DDD", token.offset + (token.quoted ? 1 : 0) + at};
      }
      octets.push_back(static_cast<uint8_t>(value));
      at += 3;
    }
  }
  return Done{};
}

void append_quoted(Bytes octets, std::string& text) {
  text += '"';
  for (const uint8_t octet : octets) append_octet(octet, "\"\\", true, text);
  text += '"';
}

std::string escaped_word(Bytes octets) {
  std::string text;
  for (const uint8_t octet : octets) append_octet(octet, "\"\\;()", false, text);
  return text;
}

}  // namespace dnsd
