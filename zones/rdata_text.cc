#include "zones/rdata_text.h"

#include <algorithm>

#include "base/text.h"
#include "zones/char_string.h"
#include "zones/ldns_handle.h"
#include "zones/rdata_check.h"
#include "zones/rr_types.h"
#include "zones/svcb_text.h"

namespace dnsd {
namespace {

// ldns cuts a record's text into buffers of 65,535 octets.
constexpr size_t longest_text = 60000;

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

// All fields one after the other are the RDATA in wire form.
void append_fields(const ldns_rr& rr, std::vector<uint8_t>& rdata) {
  for (size_t i = 0; i < ldns_rr_rd_count(&rr); ++i) {
    const ldns_rdf* field = ldns_rr_rdf(&rr, i);
    const uint8_t* data = ldns_rdf_data(field);
    rdata.insert(rdata.end(), data, data + ldns_rdf_size(field));
  }
}

Status convert_by_ldns(uint16_t type, size_t where, EncodedFields& fields) {
  if (fields.text.size() > longest_text) {
    return Failure{"RDATA of more than " + std::to_string(longest_text) + " characters; write it as \\# length hex",
                   where};
  }
  const std::string line = ". 0 IN TYPE" + std::to_string(type) + fields.text;
  ldns_rr* raw = nullptr;
  const ldns_status status = ldns_rr_new_frm_str(&raw, line.c_str(), 0, nullptr, nullptr);
  const LdnsRecord record(status == LDNS_STATUS_OK ? raw : nullptr);
  if (!record || ldns_rr_get_type(record.get()) != static_cast<ldns_rr_type>(type)) {
    return Failure{"this is no RDATA of " + type_text(type) + ":" + printable(fields.text), where};
  }
  fields.rdata.clear();
  append_fields(*record, fields.rdata);
  return Done{};
}

// A record with the root as its owner, as ldns reads it from a message.
LdnsRecord record_from_wire(uint16_t type, Bytes rdata) {
  std::vector<uint8_t> wire(11);
  store16(&wire[1], type);
  store16(&wire[3], rr_class::IN);
  store16(&wire[9], static_cast<uint16_t>(rdata.size()));
  wire.insert(wire.end(), rdata.begin(), rdata.end());
  ldns_rr* raw = nullptr;
  size_t at = 0;
  const ldns_status status = ldns_wire2rr(&raw, wire.data(), wire.size(), &at, LDNS_SECTION_ANSWER);
  LdnsRecord record(status == LDNS_STATUS_OK ? raw : nullptr);
  return at == wire.size() ? std::move(record) : nullptr;
}

// RDATA that came as hexadecimal may say anything: what ldns takes apart must be the same when put together.
bool has_shape_of_type(uint16_t type, Bytes rdata) {
  if (!for_each_name(type, rdata, [](size_t, size_t, bool) {})) return false;
  if (text_fields(type).empty()) return true;
  const LdnsRecord record = record_from_wire(type, rdata);
  if (!record) return false;
  std::vector<uint8_t> again;
  append_fields(*record, again);
  return std::ranges::equal(again, rdata);
}

std::string generic_text(Bytes rdata) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text = "\\# " + std::to_string(rdata.size());
  if (!rdata.empty()) text += ' ';
  for (const uint8_t octet : rdata) {
    text += digits[octet >> 4];
    text += digits[octet & 15];
  }
  return text;
}

// Field by field, since ldns_rr2str adds comments.
std::string ldns_text(uint16_t type, Bytes rdata) {
  std::string text;
  const LdnsRecord record = record_from_wire(type, rdata);
  if (!record) return text;
  for (size_t i = 0; i < ldns_rr_rd_count(record.get()); ++i) {
    const LdnsText field(ldns_rdf2str(ldns_rr_rdf(record.get(), i)));
    if (!field) return {};
    std::string_view word(field.get());
    while (word.ends_with(' ')) word.remove_suffix(1);
    if (!text.empty() && !word.empty()) text += ' ';
    text += word;
  }
  return text;
}

// Of types that are one name or strings alone, some of which ldns does not know (NSAP-PTR, NINFO, AVC).
std::string plain_text(TextKind kind, Bytes rdata) {
  if (kind == TextKind::name) return wire_name_length(rdata) == rdata.size() ? to_text(NameView(rdata)) : "";
  std::string text;
  for (size_t at = 0; at < rdata.size() && at + rdata[at] < rdata.size(); at += 1u + rdata[at]) {
    if (!text.empty()) text += ' ';
    append_quoted(rdata.subspan(at + 1, rdata[at]), text);
  }
  return text;
}

std::string text_by_type(uint16_t type, Bytes rdata) {
  const auto fields = text_fields(type);
  if (fields.back().kind == TextKind::svc_params) return svcb_text(rdata);
  const TextKind first = fields[0].kind;
  if (fields.size() == 1 && (first == TextKind::name || first == TextKind::strings)) return plain_text(first, rdata);
  return ldns_text(type, rdata);
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
                         EncodedFields& out) {
  const size_t where = tokens.empty() ? end : tokens[0].offset;
  const bool generic = !tokens.empty() && tokens[0].is("\\#");
  if (generic) {
    if (Status done = parse_generic(tokens, end, out.rdata); !done) return done;
    if (!has_shape_of_type(type, out.rdata)) return Failure{"these octets are no RDATA of " + type_text(type), where};
  } else if (text_fields(type).empty()) {
    return Failure{type_text(type) + " has no text form here; write its RDATA as \\# length hex (RFC 3597)", where};
  } else {
    if (Status done = encode_fields(type, tokens, end, origin, out); !done) return done;
    if (out.for_ldns)
      if (Status done = convert_by_ldns(type, where, out); !done) return done;
  }
  if (out.rdata.size() > UINT16_MAX) return Failure{"RDATA of more than 65535 octets", where};
  if (std::string defect = rdata_defect(type, out.rdata); !defect.empty()) {
    return Failure{type_text(type) + ": " + defect, where};
  }
  return Done{};
}

Result<std::vector<uint8_t>> rdata_from_text(uint16_t type, std::string_view text, NameView origin) {
  LogicalLine line;
  Failure failure;
  if (!tokens_of(text, line, failure)) return failure;
  EncodedFields out;
  if (Status done = rdata_from_tokens(type, line.tokens, text.size(), origin, out); !done) return done.failure();
  return std::move(out.rdata);
}

std::string rdata_to_text(uint16_t type, Bytes rdata) {
  if (text_fields(type).empty()) return generic_text(rdata);
  const std::string text = text_by_type(type, rdata);
  const auto again = rdata_from_text(type, text, NameView());
  return again && std::ranges::equal(*again, rdata) ? text : generic_text(rdata);
}

}  // namespace dnsd
