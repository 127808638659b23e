#include "zones/rdata_fields.h"

#include <algorithm>

#include "base/ip_address.h"
#include "base/text.h"
#include "zones/char_string.h"
#include "zones/rr_types.h"
#include "zones/svcb_text.h"
#include "zones/ttl_text.h"

namespace dnsd {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex_digit(char c) { return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f'); }
bool is_base64(char c) {
  return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '+' || c == '/' || c == '=';
}
bool all_digits(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_digit); }

// Unlike parse_decimal it takes leading zeros: "0000000001" is a usual serial, and decimal in every master file.
bool parse_number(std::string_view text, uint64_t most, uint64_t& value) {
  value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return false;
    value = value * 10 + static_cast<uint64_t>(c - '0');
    if (value > most) return false;
  }
  return !text.empty();
}

class FieldEncoder {
 public:
  FieldEncoder(uint16_t type, std::span<const Token> tokens, size_t end, NameView origin, EncodedFields& out)
      : type_(type), tokens_(tokens), end_(end), origin_(origin), out_(out) {}

  Status run();

 private:
  Status one(const TextField& field);
  Status one_token(const TextField& field, const Token& token);
  Status all_that_remain(const TextField& field);
  Status number(const TextField& field, const Token& token, unsigned octets);
  Status duration(const TextField& field, const Token& token);
  Status name(const TextField& field, const Token& token);
  Status address(const TextField& field, const Token& token, Family family);
  Status string(const TextField& field, const Token& token);
  Status code(const TextField& field, const Token& token, unsigned octets);
  Status time(const TextField& field, const Token& token);
  Status rr_type(const TextField& field, const Token& token);
  Status word(const TextField& field, const Token& token);
  Status hex(const TextField& field, bool one_token_only);
  Status base64(const TextField& field, bool one_token_only);
  Status gateway(const TextField& field, const Token& token);
  Status svc_params();

  void put_number(uint64_t value, unsigned octets);
  void put_name(const Name& name);
  void put_text(std::string_view text);

  bool more() const { return at_ < tokens_.size(); }
  std::string subject(const TextField& field) const { return type_text(type_) + ": the " + std::string(field.label); }
  Failure wrong(const TextField& field, const Token& token, std::string_view what) const {
    return {subject(field) + " '" + printable(token.text) + "' is not " + std::string(what), token.offset};
  }

  uint16_t type_;
  std::span<const Token> tokens_;
  size_t end_;
  NameView origin_;
  EncodedFields& out_;
  size_t at_ = 0;
};

Status FieldEncoder::run() {
  const auto fields = text_fields(type_);
  out_.rdata.clear();
  out_.text.clear();
  out_.for_ldns = std::ranges::any_of(fields, [](const TextField& f) { return f.kind > TextKind::svc_params; });
  for (const TextField& field : fields)
    if (Status done = one(field); !done) return done;
  if (!more()) return Done{};
  return Failure{type_text(type_) + ": '" + printable(tokens_[at_].text) + "' is too much; there is no such field",
                 tokens_[at_].offset};
}

Status FieldEncoder::one(const TextField& field) {
  const bool may_be_missing = field.kind == TextKind::optional_string || field.kind == TextKind::types ||
                              field.kind == TextKind::names || field.kind == TextKind::optional_words ||
                              field.kind == TextKind::optional_base64 || field.kind == TextKind::svc_params;
  if (!more()) {
    if (may_be_missing) return Done{};
    return Failure{subject(field) + " is missing", end_};
  }
  switch (field.kind) {
    case TextKind::strings:
    case TextKind::types:
    case TextKind::words:
    case TextKind::optional_words:
    case TextKind::names: return all_that_remain(field);
    case TextKind::hex_word: return hex(field, true);
    case TextKind::hex: return hex(field, false);
    case TextKind::base64_word: return base64(field, true);
    case TextKind::base64:
    case TextKind::optional_base64: return base64(field, false);
    case TextKind::svc_params: return svc_params();
    default: return one_token(field, tokens_[at_++]);
  }
}

Status FieldEncoder::all_that_remain(const TextField& field) {
  while (more())
    if (Status done = one_token(field, tokens_[at_++]); !done) return done;
  return Done{};
}

Status FieldEncoder::one_token(const TextField& field, const Token& token) {
  switch (field.kind) {
    case TextKind::u8: return number(field, token, 1);
    case TextKind::u16: return number(field, token, 2);
    case TextKind::u32: return number(field, token, 4);
    case TextKind::duration: return duration(field, token);
    case TextKind::names:
    case TextKind::name: return name(field, token);
    case TextKind::ipv4: return address(field, token, Family::ipv4);
    case TextKind::ipv6: return address(field, token, Family::ipv6);
    case TextKind::string:
    case TextKind::optional_string:
    case TextKind::strings:
    case TextKind::long_string: return string(field, token);
    case TextKind::code8: return code(field, token, 1);
    case TextKind::code16: return code(field, token, 2);
    case TextKind::time: return time(field, token);
    case TextKind::type:
    case TextKind::types: return rr_type(field, token);
    case TextKind::gateway: return gateway(field, token);
    default: return word(field, token);
  }
}

void FieldEncoder::put_number(uint64_t value, unsigned octets) {
  if (out_.for_ldns) return put_text(std::to_string(value));
  for (unsigned i = octets; i-- > 0;) out_.rdata.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

void FieldEncoder::put_name(const Name& name) {
  if (out_.for_ldns) return put_text(to_text(name.view()));
  const Bytes wire = name.view().wire();
  out_.rdata.insert(out_.rdata.end(), wire.begin(), wire.end());
}

void FieldEncoder::put_text(std::string_view text) { out_.text.append(" ").append(text); }

Status FieldEncoder::number(const TextField& field, const Token& token, unsigned octets) {
  const uint64_t most = (uint64_t{1} << (8 * octets)) - 1;
  uint64_t value = 0;
  if (token.quoted || !parse_number(token.text, most, value)) {
    return wrong(field, token, "a number from 0 to " + std::to_string(most));
  }
  put_number(value, octets);
  return Done{};
}

Status FieldEncoder::duration(const TextField& field, const Token& token) {
  const Result<uint32_t> seconds = parse_ttl(token.text);
  if (!seconds || token.quoted) {
    return wrong(field, token, "a number of seconds up to 2147483647, or one with units as in 1h30m");
  }
  put_number(*seconds, 4);
  return Done{};
}

Status FieldEncoder::name(const TextField& field, const Token& token) {
  if (token.quoted) return wrong(field, token, "a domain name; names stand without quotes");
  const Result<Name> parsed = Name::parse(token.text, origin_);
  if (!parsed) {
    return Failure{subject(field) + ": " + parsed.failure().message, token.offset + parsed.failure().offset};
  }
  put_name(*parsed);
  return Done{};
}

Status FieldEncoder::address(const TextField& field, const Token& token, Family family) {
  const Result<IpAddress> parsed = IpAddress::parse(token.text);
  if (!parsed || parsed->family() != family || token.quoted) {
    return wrong(field, token, family == Family::ipv4 ? "an IPv4 address" : "an IPv6 address");
  }
  if (out_.for_ldns) {
    put_text(to_text(*parsed));
  } else {
    out_.rdata.insert(out_.rdata.end(), parsed->octets().begin(), parsed->octets().end());
  }
  return Done{};
}

Status FieldEncoder::string(const TextField& field, const Token& token) {
  std::vector<uint8_t>& rdata = out_.rdata;  // of no other use while text is made for ldns
  const size_t length_at = rdata.size();
  if (!out_.for_ldns) rdata.push_back(0);
  const size_t begin = rdata.size();
  if (Status done = unescape_string(token, rdata); !done) return done;
  const size_t length = rdata.size() - begin;
  if (length > 255 && field.kind != TextKind::long_string) {
    return Failure{subject(field) + " has " + std::to_string(length) + " octets; a string holds 255, write several",
                   token.offset};
  }
  if (!out_.for_ldns) {
    rdata[length_at] = static_cast<uint8_t>(length);
    return Done{};
  }
  out_.text += ' ';
  append_quoted(Bytes(rdata).subspan(begin), out_.text);
  rdata.clear();
  return Done{};
}

// Mnemonics are for ldns to know; numbers it would cut.
Status FieldEncoder::code(const TextField& field, const Token& token, unsigned octets) {
  if (!token.text.empty() && is_digit(token.text[0])) return number(field, token, octets);
  if (token.text.empty() || !std::ranges::all_of(token.text, [](char c) {
        return is_digit(c) || c == '-' || c == '_' || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
      })) {
    return wrong(field, token, "a number or a mnemonic");
  }
  return word(field, token);
}

// YYYYMMDDHHmmSS in UTC or seconds since 1970 (RFC 4034 3.2).
Status FieldEncoder::time(const TextField& field, const Token& token) {
  const std::string_view text = token.text;
  uint64_t seconds = 0;
  const auto in = [text](size_t at, uint64_t least, uint64_t most) {
    uint64_t value = 0;
    return parse_number(text.substr(at, 2), most, value) && value >= least;
  };
  const bool calendar = text.size() == 14 && all_digits(text) && in(4, 1, 12) && in(6, 1, 31) && in(8, 0, 23) &&
                        in(10, 0, 59) && in(12, 0, 59) && text >= "19700101" && text < "2106";
  if (token.quoted || !(calendar || (text.size() <= 10 && parse_number(text, UINT32_MAX, seconds)))) {
    return wrong(field, token, "a time; write YYYYMMDDHHmmSS");
  }
  put_text(text);
  return Done{};
}

Status FieldEncoder::rr_type(const TextField& field, const Token& token) {
  const auto number = parse_type(token.text);
  if (!number || token.quoted) return wrong(field, token, "a type");
  put_text("TYPE" + std::to_string(*number));
  return Done{};
}

// Plain characters only, so that nothing in it can end the token or begin another for ldns.
Status FieldEncoder::word(const TextField& field, const Token& token) {
  const auto is_plain = [](char c) {
    const auto octet = static_cast<uint8_t>(c);
    return octet > 0x20 && octet < 0x7f && std::string_view("\\\";()@$").find(c) == std::string_view::npos;
  };
  if (token.quoted || token.text.empty() || !std::ranges::all_of(token.text, is_plain)) {
    return wrong(field, token, "plain text");
  }
  put_text(token.text);
  return Done{};
}

Status FieldEncoder::hex(const TextField& field, bool one_token_only) {
  size_t digits = 0;
  out_.text += ' ';
  do {
    const Token& token = tokens_[at_++];
    if (token.quoted || !std::ranges::all_of(token.text, is_hex_digit)) return wrong(field, token, "hexadecimal");
    digits += token.text.size();
    out_.text += token.text;
  } while (more() && !one_token_only);
  if (digits % 2 == 0) return Done{};
  return Failure{subject(field) + " has an odd number of hexadecimal digits", tokens_[at_ - 1].offset};
}

Status FieldEncoder::base64(const TextField& field, bool one_token_only) {
  size_t characters = 0;
  bool ended = false;  // '=' may stand at the very end only
  out_.text += ' ';
  do {
    const Token& token = tokens_[at_++];
    if (token.quoted || !std::ranges::all_of(token.text, is_base64)) return wrong(field, token, "base64");
    for (const char c : token.text) {
      if (ended && c != '=') return wrong(field, token, "base64: '=' before its end");
      ended |= c == '=';
    }
    characters += token.text.size();
    out_.text += token.text;
  } while (more() && !one_token_only);
  if (characters % 4 == 0 && !out_.text.ends_with("===")) return Done{};
  return Failure{subject(field) + " is not whole base64: its length must be a multiple of 4",
                 tokens_[at_ - 1].offset};
}

// RFC 4025 2.5: by the gateway type, the second field, this is nothing, an address or a name.
Status FieldEncoder::gateway(const TextField& field, const Token& token) {
  uint64_t kind = 0;
  parse_number(tokens_[1].text, 255, kind);
  switch (kind) {
    case 0:
      if (!token.is(".")) return wrong(field, token, "'.', which stands for none");
      put_text(".");
      return Done{};
    case 1: return address(field, token, Family::ipv4);
    case 2: return address(field, token, Family::ipv6);
    case 3: return name(field, token);
    default: return wrong(field, token, "of a known gateway type (0 to 3)");
  }
}

Status FieldEncoder::svc_params() {
  const auto rest = tokens_.subspan(at_);
  at_ = tokens_.size();
  const Status done = append_svc_params(rest, out_.rdata);
  return done ? done : Failure{type_text(type_) + ": " + done.failure().message, done.failure().offset};
}

}  // namespace

Status encode_fields(uint16_t type, std::span<const Token> tokens, size_t end, NameView origin, EncodedFields& out) {
  return FieldEncoder(type, tokens, end, origin, out).run();
}

}  // namespace dnsd
