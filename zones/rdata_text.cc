#include "zones/rdata_text.h"

#include <algorithm>

#include "base/text.h"
#include "zones/rdata_check.h"
#include "zones/rdata_fields.h"
#include "zones/rdata_forms.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = ascii_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// "\# 4 c0000201", the hexadecimal digits in one token or many (RFC 3597 5).
Status parse_generic(std::span<const Token> tokens, size_t end, std::vector<uint8_t>& rdata) {
  rdata.clear();
  if (tokens.size() < 2) return Failure{"\\# wants a length", end};
  uint64_t length = 0;
  if (const auto number = parse_decimal(tokens[1].text, UINT16_MAX); number && !tokens[1].quoted) {
    length = *number;
  } else {
    return Failure{"'" + printable(tokens[1].text) + "' is not a length from 0 to 65535", tokens[1].offset};
  }
  int high = -1;
  for (const Token& token : tokens.subspan(2)) {
    for (size_t i = 0; i < token.text.size(); ++i) {
      const int value = hex_value(token.text[i]);
      if (value < 0 || token.quoted)
        return Failure{"'" + printable(token.text) + "' is not hexadecimal", token.offset};
      if (high >= 0) rdata.push_back(static_cast<uint8_t>(high << 4 | value));
      high = high < 0 ? value : -1;
    }
  }
  if (high >= 0) return Failure{"an odd number of hexadecimal digits", tokens.back().offset};
  if (rdata.size() == length) return Done{};
  return Failure{
      "the length says " + std::to_string(length) + " octets, but there are " + std::to_string(rdata.size()),
      tokens[1].offset};
}

// RDATA that came as hexadecimal may say anything.
bool has_shape_of_type(uint16_t type, Bytes rdata) {
  if (!for_each_name(type, rdata, [](size_t, size_t, bool) {})) return false;
  return text_fields(type).empty() || decode_fields(type, rdata);
}

std::string generic_text(Bytes rdata) {
  return "\\# " + std::to_string(rdata.size()) + (rdata.empty() ? "" : " ") + hex_text(rdata);
}

bool tokens_of(std::string_view text, LogicalLine& line, Failure& failure) {
  LogicalLines lines(text);
  LineDefect defect;
  if (!lines.next(line, defect) && defect.message.empty()) return true;
  if (!defect.message.empty()) {
    failure = {defect.message, defect.offset};
    return false;
  }
  LogicalLine second;
  if (!lines.next(second, defect)) return true;
  failure = {"more than one line", second.begin};
  return false;
}

}  // namespace

Status rdata_from_tokens(uint16_t type, std::span<const Token> tokens, size_t end, NameView origin,
                         std::vector<uint8_t>& rdata) {
  const size_t where = tokens.empty() ? end : tokens[0].offset;
  const bool generic = !tokens.empty() && tokens[0].is("\\#");
  if (generic) {
    if (Status done = parse_generic(tokens, end, rdata); !done) return done;
    if (!has_shape_of_type(type, rdata)) return Failure{"these octets are no RDATA of " + type_text(type), where};
  } else if (text_fields(type).empty()) {
    return Failure{type_text(type) + " has no text form here; write its RDATA as \\# length hex (RFC 3597)", where};
  } else {
    if (Status done = encode_fields(type, tokens, end, origin, rdata); !done) return done;
  }
  if (rdata.size() > UINT16_MAX) return Failure{"RDATA of more than 65535 octets", where};
  if (std::string defect = rdata_defect(type, rdata); !defect.empty()) {
    return Failure{type_text(type) + ": " + defect, where};
  }
  return Done{};
}

Result<std::vector<uint8_t>> rdata_from_text(uint16_t type, std::string_view text, NameView origin) {
  LogicalLine line;
  Failure failure;
  if (!tokens_of(text, line, failure)) return failure;
  std::vector<uint8_t> rdata;
  if (Status done = rdata_from_tokens(type, line.tokens, text.size(), origin, rdata); !done) return done.failure();
  return rdata;
}

std::string rdata_to_text(uint16_t type, Bytes rdata) {
  if (text_fields(type).empty()) return generic_text(rdata);
  const auto text = decode_fields(type, rdata);
  if (!text || text->empty()) return generic_text(rdata);  // APL without a prefix: nothing at all is easily lost
  const auto again = rdata_from_text(type, *text, NameView());
  return again && std::ranges::equal(*again, rdata) ? *text : generic_text(rdata);
}

}  // namespace dnsd
