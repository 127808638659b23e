#include "dnsd/config/yaml_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace dnsd {
namespace {

bool is_white(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Octets of the well-formed UTF-8 sequence at the start of `text` (RFC 3629 4, no surrogates, no overlong form), or 0.
size_t utf8_size(std::string_view text) {
  const auto octet = [&](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : uint8_t{0}; };
  const auto tail = [&](size_t i, uint8_t low = 0x80, uint8_t high = 0xbf) { return octet(i) >= low && octet(i) <= high; };
  const uint8_t first = octet(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return tail(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    return tail(1, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf) && tail(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    return tail(1, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

bool is_control(std::string_view text, size_t at) {
  const char c = text[at];
  if (c == '\t' || c == '\n') return false;
  if (c == '\r') return at + 1 == text.size() || text[at + 1] != '\n';
  return (c >= 0 && c < ' ') || c == '\x7f';
}

std::optional<size_t> double_quoted_end(std::string_view text, size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return std::nullopt;
}

std::optional<size_t> single_quoted_end(std::string_view text, size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] != '\'') continue;
    if (at + 1 == text.size() || text[at + 1] != '\'') return at + 1;
    ++at;
  }
  return std::nullopt;
}

// A plain scalar over several lines was folded: a run of blanks in one stands for a run of blanks in the other.
size_t plain_end(std::string_view text, size_t begin, std::string_view value) {
  if (text.substr(std::min(begin, text.size())).starts_with(value)) return begin + value.size();
  size_t at = begin, i = 0;
  while (at < text.size() && i < value.size()) {
    if (is_white(value[i])) {
      while (i < value.size() && is_white(value[i])) ++i;
      while (at < text.size() && is_white(text[at])) ++at;
    } else if (text[at] == value[i]) {
      ++at;
      ++i;
    } else {
      break;
    }
  }
  return at;
}

}  // namespace

std::optional<TextDefect> find_text_defect(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) {
    return TextDefect{0, "the file begins with a byte order mark; save it as UTF-8 without one"};
  }
  for (size_t at = 0; at < text.size();) {
    const size_t size = utf8_size(text.substr(at, 4));
    if (size == 0) return TextDefect{at, "an octet that is not UTF-8; is this a text file?"};
    if (is_control(text, at)) return TextDefect{at, "a control character; is this a text file?"};
    at += size;
  }
  return std::nullopt;
}

size_t skip_blank(std::string_view text, size_t at) {
  while (at < text.size()) {
    if (text[at] == '#' && (at == 0 || is_white(text[at - 1]))) {
      at = line_end(text, at);
    } else if (is_white(text[at])) {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

std::optional<size_t> scalar_end(std::string_view text, size_t begin, std::string_view value) {
  if (begin >= text.size()) return text.size();
  switch (text[begin]) {
    case '"': return double_quoted_end(text, begin);
    case '\'': return single_quoted_end(text, begin);
    case '|':
    case '>': return begin;
    default: return plain_end(text, begin, value);
  }
}

size_t flow_end(std::string_view text, size_t last_child_end) {
  size_t at = skip_blank(text, last_child_end);
  while (at < text.size() && (text[at] == ',' || text[at] == ':' || text[at] == '?')) at = skip_blank(text, at + 1);
  return at < text.size() && (text[at] == ']' || text[at] == '}') ? at + 1 : at;
}

size_t null_word_size(std::string_view text, size_t at) {
  if (at >= text.size()) return 0;
  static constexpr std::array<std::string_view, 4> words = {"~", "null", "Null", "NULL"};
  for (const std::string_view word : words) {
    if (text.substr(at).starts_with(word)) return word.size();
  }
  return 0;
}

size_t line_begin(std::string_view text, size_t at) {
  const size_t newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return newline == std::string_view::npos ? 0 : newline + 1;
}

size_t line_end(std::string_view text, size_t at) { return std::min(text.find('\n', at), text.size()); }

}  // namespace dnsd
