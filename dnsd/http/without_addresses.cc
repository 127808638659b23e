#include "dnsd/http/without_addresses.h"

#include <algorithm>

namespace dnsd {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r'; }
bool is_address_octet(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}

// On the safe side: four numbers with dots between them anywhere in the word, "::", or seven colons. An instant's
// 12:00:00 stays.
bool holds_address(std::string_view word) {
  if (word.find("::") != std::string_view::npos || std::count(word.begin(), word.end(), ':') >= 7) return true;
  int numbers = 0;
  for (size_t i = 0; i < word.size(); ++i) {
    if (!is_digit(word[i])) {
      if (word[i] != '.' || i == 0 || !is_digit(word[i - 1])) numbers = 0;
      continue;
    }
    if (i == 0 || !is_digit(word[i - 1])) ++numbers;
    if (numbers == 4) return true;
  }
  return false;
}

}  // namespace

std::string without_addresses(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const size_t length =
        static_cast<size_t>(std::find_if_not(text.begin(), text.end(), is_address_octet) - text.begin());
    const std::string_view word = text.substr(0, length);
    if (holds_address(word)) {
      clean += "[address]";
    } else {
      clean += word;
    }
    text.remove_prefix(length);
    if (text.empty()) break;
    clean += is_control(text[0]) ? '?' : text[0];
    text.remove_prefix(1);
  }
  return clean;
}

}  // namespace dnsd
