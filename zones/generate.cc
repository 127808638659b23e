#include "zones/generate.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace dnsd {
namespace {

constexpr uint32_t most = 0x7fffffff;
constexpr uint32_t widest = 127;  // as in BIND

struct Modifier {
  int64_t offset = 0;
  uint32_t width = 0;
  char base = 'd';
};

// A decimal number with an optional sign, leading zeros allowed, at the start of `text`, which it takes off.
bool take_number(std::string_view& text, int64_t& number) {
  const bool plus = text.starts_with('+');
  if (plus) text.remove_prefix(1);
  if (plus && text.starts_with('-')) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number > most || number < -int64_t{most}) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

// What stands between the braces: offset[,width[,base]].
bool parse_modifier(std::string_view text, Modifier& modifier) {
  if (!take_number(text, modifier.offset)) return false;
  if (text.empty()) return true;
  int64_t width = 0;
  if (text[0] != ',') return false;
  text.remove_prefix(1);
  if (!take_number(text, width) || width < 0 || width > widest) return false;
  modifier.width = static_cast<uint32_t>(width);
  if (text.empty()) return true;
  if (text.size() != 2 || text[0] != ',' || std::string_view("doxXnN").find(text[1]) == std::string_view::npos)
    return false;
  modifier.base = text[1];
  return true;
}

void append_nibbles(uint32_t number, const Modifier& m, std::string& out) {
  const char* digits = m.base == 'n' ? "0123456789abcdef" : "0123456789ABCDEF";
  uint32_t width = m.width;
  do {
    out += digits[number & 15];
    number >>= 4;
    if (width > 0) --width;
    if (width > 0 || number != 0) {
      out += '.';
      if (width > 0) --width;
    }
  } while (width > 0 || number != 0);
}

void append_number(uint32_t number, const Modifier& m, std::string& out) {
  if (m.base == 'n' || m.base == 'N') return append_nibbles(number, m, out);
  char digits[16];
  const int base = m.base == 'd' ? 10 : m.base == 'o' ? 8 : 16;
  const char* end = std::to_chars(digits, digits + sizeof digits, number, base).ptr;
  const auto length = static_cast<size_t>(end - digits);
  if (m.width > length) out.append(m.width - length, '0');
  for (const char* c = digits; c != end; ++c) out += m.base == 'X' && *c >= 'a' ? static_cast<char>(*c - 32) : *c;
}

// One $ with what belongs to it, at pattern[at]; advances beyond it.
Status expand_dollar(std::string_view pattern, size_t& at, uint32_t number, std::string& out) {
  const size_t dollar = at++;
  if (at < pattern.size() && pattern[at] == '$') {
    out += pattern[at++];
    return Done{};
  }
  Modifier modifier;
  if (at < pattern.size() && pattern[at] == '{') {
    const size_t close = pattern.find('}', at);
    if (close == std::string_view::npos) return Failure{"'${' without '}'", dollar};
    if (!parse_modifier(pattern.substr(at + 1, close - at - 1), modifier)) {
      return Failure{"'" + printable(pattern.substr(dollar, close + 1 - dollar)) +
                         "' is not ${offset,width,base} with a width up to 127 and a base of d, o, x, X, n or N",
                     dollar};
    }
    at = close + 1;
  }
  const int64_t value = int64_t{number} + modifier.offset;
  if (value < 0 || value > most) return Failure{"number and offset give " + std::to_string(value), dollar};
  append_number(static_cast<uint32_t>(value), modifier, out);
  return Done{};
}

}  // namespace

Result<GenerateRange> parse_generate_range(std::string_view text) {
  const Failure malformed{"'" + printable(text) + "' is not a range; write start-stop or start-stop/step"};
  const auto number = [&text](uint32_t& n) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    return error == std::errc() && n <= most;
  };
  GenerateRange range;
  if (!number(range.start) || !text.starts_with('-')) return malformed;
  text.remove_prefix(1);
  if (!number(range.stop)) return malformed;
  if (text.starts_with('/')) {
    text.remove_prefix(1);
    if (!number(range.step)) return malformed;
  }
  if (!text.empty()) return malformed;
  if (range.start > range.stop) return Failure{"a range that ends before it starts"};
  if (range.step == 0) return Failure{"a range with a step of 0"};
  return range;
}

Status expand_generate(std::string_view pattern, uint32_t number, std::string& out) {
  for (size_t at = 0; at < pattern.size();) {
    if (pattern[at] == '$') {
      if (Status done = expand_dollar(pattern, at, number, out); !done) return done;
    } else {
      if (pattern[at] == '\\' && at + 1 < pattern.size()) out += pattern[at++];
      out += pattern[at++];
    }
  }
  return Done{};
}

}  // namespace dnsd
