// encode_fields(): from the tokens of a line to octets.
#include <algorithm>

#include "base/ip_address.h"
#include "base/text.h"
#include "zones/base64.h"
#include "zones/char_string.h"
#include "zones/loc_text.h"
#include "zones/rdata_fields.h"
#include "zones/rdata_forms.h"
#include "zones/rr_types.h"
#include "zones/svcb_text.h"
#include "zones/ttl_text.h"

namespace dnsd {
namespace {

class FieldEncoder {
 public:
  FieldEncoder(uint16_t type, std::span<const Token> tokens, size_t end, NameView origin, std::vector<uint8_t>& out)
      : type_(type), tokens_(tokens), end_(end), origin_(origin), out_(out) {}

  Status run();

 private:
  Status one(const TextField& field);
  Status one_token(const TextField& field, const Token& token);
  Status each_token(const TextField& field);
  Status number(const TextField& field, const Token& token, unsigned octets);
  Status duration(const TextField& field, const Token& token);
  Status time(const TextField& field, const Token& token);
  Status name(const TextField& field, const Token& token);
  Status address(const TextField& field, const Token& token, Family family);
  Status string(const TextField& field, const Token& token);
  Status form(const TextField& field, const Token& token);
  Status behind_length(const TextField& field, const Token& token);
  Status gateway(const TextField& field, const Token& token);
  Status relay(const TextField& field, const Token& token);
  Status host_identity(const TextField& field, const Token& token);
  Status hex();
  Status base64(const TextField& field);
  Status base64_of(const TextField& field, const Token& last, std::string_view text);
  Status types(const TextField& field);
  Status bits(const TextField& field);
  Status rest(const TextField& field);

  void put_number(uint64_t value, unsigned octets);
  void set_bit(size_t begin, size_t bit);
  bool more() const { return at_ < tokens_.size(); }
  std::string subject(const TextField& field) const { return type_text(type_) + ": the " + std::string(field.label); }
  Failure wrong(const TextField& field, const Token& token, std::string_view what) const {
    return {subject(field) + " '" + printable(token.text) + "' is not " + std::string(what), token.offset};
  }
  Failure of_type(const Failure& failure) const {
    return {type_text(type_) + ": " + failure.message, failure.offset};
  }

  uint16_t type_;
  std::span<const Token> tokens_;
  size_t end_;
  NameView origin_;
  std::vector<uint8_t>& out_;
  size_t at_ = 0;
  uint64_t gateway_ = 0;  // what gateway_type or relay_type said
};

Status FieldEncoder::run() {
  out_.clear();
  for (const TextField& field : text_fields(type_))
    if (Status done = one(field); !done) return done;
  if (!more()) return Done{};
  return Failure{type_text(type_) + ": '" + printable(tokens_[at_].text) + "' is too much; there is no such field",
                 tokens_[at_].offset};
}

Status FieldEncoder::one(const TextField& field) {
  if (!more()) {
    if (field.kind >= TextKind::first_maybe) return Done{};
    return Failure{subject(field) + " is missing", end_};
  }
  switch (field.kind) {
    case TextKind::strings:
    case TextKind::names:
    case TextKind::prefixes: return each_token(field);
    case TextKind::hex: return hex();
    case TextKind::base64:
    case TextKind::optional_base64: return base64(field);
    case TextKind::types: return types(field);
    case TextKind::old_types:
    case TextKind::wks_services: return bits(field);
    case TextKind::svc_params:
    case TextKind::location: return rest(field);
    default: return one_token(field, tokens_[at_++]);
  }
}

Status FieldEncoder::each_token(const TextField& field) {
  while (more())
    if (Status done = one_token(field, tokens_[at_++]); !done) return done;
  return Done{};
}

Status FieldEncoder::one_token(const TextField& field, const Token& token) {
  switch (field.kind) {
    case TextKind::u8: return number(field, token, 1);
    case TextKind::u16: return number(field, token, 2);
    case TextKind::u32: return number(field, token, 4);
    case TextKind::u64: return number(field, token, 8);
    case TextKind::duration: return duration(field, token);
    case TextKind::time: return time(field, token);
    case TextKind::names:
    case TextKind::name: return name(field, token);
    case TextKind::ipv4: return address(field, token, Family::ipv4);
    case TextKind::ipv6: return address(field, token, Family::ipv6);
    case TextKind::string:
    case TextKind::optional_string:
    case TextKind::strings:
    case TextKind::plain_word:
    case TextKind::long_string: return string(field, token);
    case TextKind::salt:
    case TextKind::base32: return behind_length(field, token);
    case TextKind::dash_or_base64: return token.is("-") ? Status(Done{}) : base64_of(field, token, token.text);
    case TextKind::gateway_type:
    case TextKind::relay_bit:
    case TextKind::relay_type: return relay(field, token);
    case TextKind::gateway: return gateway(field, token);
    case TextKind::hip_algorithm:
    case TextKind::hip_tag:
    case TextKind::hip_key: return host_identity(field, token);
    default: return form(field, token);
  }
}

void FieldEncoder::put_number(uint64_t value, unsigned octets) {
  for (unsigned i = octets; i-- > 0;) out_.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

Status FieldEncoder::number(const TextField& field, const Token& token, unsigned octets) {
  const uint64_t most = octets == 8 ? UINT64_MAX : (uint64_t{1} << (8 * octets)) - 1;
  for (const Mnemonic& m : field.mnemonics) {
    if (token.quoted || !equal_ignoring_case(m.word, token.text)) continue;
    put_number(m.number, octets);
    return Done{};
  }
  const auto value = token.quoted ? std::nullopt : parse_number(token.text, most);
  if (!value) {
    return wrong(
        field, token,
        "a number from 0 to " + std::to_string(most) + (field.mnemonics.empty() ? "" : ", nor a mnemonic for one"));
  }
  put_number(*value, octets);
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

Status FieldEncoder::time(const TextField& field, const Token& token) {
  const auto seconds = token.quoted ? std::nullopt : parse_time(token.text);
  if (!seconds) return wrong(field, token, "a time; write YYYYMMDDHHmmSS");
  put_number(*seconds, 4);
  return Done{};
}

Status FieldEncoder::name(const TextField& field, const Token& token) {
  if (token.quoted) return wrong(field, token, "a domain name; names stand without quotes");
  const Result<Name> parsed = Name::parse(token.text, origin_);
  if (!parsed) {
    return Failure{subject(field) + ": " + parsed.failure().message, token.offset + parsed.failure().offset};
  }
  const Bytes wire = parsed->view().wire();
  out_.insert(out_.end(), wire.begin(), wire.end());
  return Done{};
}

Status FieldEncoder::address(const TextField& field, const Token& token, Family family) {
  const Result<IpAddress> parsed = IpAddress::parse(token.text);
  if (!parsed || parsed->family() != family || token.quoted) {
    return wrong(field, token, family == Family::ipv4 ? "an IPv4 address" : "an IPv6 address");
  }
  out_.insert(out_.end(), parsed->octets().begin(), parsed->octets().end());
  return Done{};
}

Status FieldEncoder::string(const TextField& field, const Token& token) {
  const bool has_length = field.kind != TextKind::long_string;
  const size_t length_at = out_.size();
  if (has_length) out_.push_back(0);
  const size_t begin = out_.size();
  if (Status done = unescape_string(token, out_); !done) return done;
  if (!has_length) return Done{};
  if (const size_t length = out_.size() - begin; length > 255) {
    return Failure{subject(field) + " has " + std::to_string(length) + " octets; a string holds 255, write several",
                   token.offset};
  }
  if (field.kind == TextKind::plain_word && (token.quoted || token.text.find('\\') != std::string_view::npos)) {
    return wrong(field, token, "plain text");
  }
  out_[length_at] = static_cast<uint8_t>(out_.size() - begin);
  return Done{};
}

Status FieldEncoder::form(const TextField& field, const Token& token) {
  if (token.quoted) return wrong(field, token, "plain text");
  switch (field.kind) {
    case TextKind::type:
      if (const auto type = parse_type(token.text)) return put_number(*type, 2), Done{};
      return wrong(field, token, "a type");
    case TextKind::locator64:
      if (append_locator(token.text, out_)) return Done{};
      return wrong(field, token, "64 bits; write 0014:4fff:ff20:ee64");
    case TextKind::eui48:
      if (append_eui(token.text, 6, out_)) return Done{};
      return wrong(field, token, "48 bits; write 00-00-5e-00-53-2a");
    case TextKind::eui64:
      if (append_eui(token.text, 8, out_)) return Done{};
      return wrong(field, token, "64 bits; write 00-00-5e-ef-10-00-00-2a");
    case TextKind::nsap:
      if (append_nsap(token.text, out_)) return Done{};
      return wrong(field, token, "an NSAP address; write 0x and hexadecimal digits");
    case TextKind::atm:
      if (append_atm(token.text, out_)) return Done{};
      return wrong(field, token, "an ATM address; write hexadecimal digits, or + and digits");
    case TextKind::wks_protocol:
      if (const auto protocol = parse_protocol(token.text)) return put_number(*protocol, 1), Done{};
      return wrong(field, token, "a protocol known here; write its number");
    default:
      if (append_prefix(token.text, out_)) return Done{};
      return wrong(field, token, "a prefix; write 1:192.0.2.0/24 or !2:2001:db8::/32");
  }
}

Status FieldEncoder::behind_length(const TextField& field, const Token& token) {
  const size_t length_at = out_.size();
  out_.push_back(0);
  const bool salt = field.kind == TextKind::salt;
  if (salt && token.is("-")) return Done{};
  if (token.quoted || !(salt ? append_hex(token.text, out_) : append_base32(token.text, out_))) {
    return wrong(field, token, salt ? "hexadecimal, nor -" : "base32 of the extended hex alphabet");
  }
  const size_t length = out_.size() - length_at - 1;
  if (length == 0 || length > 255) return Failure{subject(field) + " must have 1 to 255 octets", token.offset};
  out_[length_at] = static_cast<uint8_t>(length);
  return Done{};
}

Status FieldEncoder::relay(const TextField& field, const Token& token) {
  const uint64_t most = field.kind == TextKind::relay_bit ? 1 : field.kind == TextKind::relay_type ? 127 : 255;
  const auto value = token.quoted ? std::nullopt : parse_number(token.text, most);
  if (!value) return wrong(field, token, "a number from 0 to " + std::to_string(most));
  gateway_ = *value;
  if (field.kind == TextKind::relay_bit) {
    out_.push_back(static_cast<uint8_t>(*value << 7));
  } else if (field.kind == TextKind::relay_type) {
    out_.back() = static_cast<uint8_t>(out_.back() | *value);
  } else {
    out_.push_back(static_cast<uint8_t>(*value));
  }
  return Done{};
}

// RFC 4025 2.5, RFC 8777 4.2.4: by the type before it this is nothing, an address or a name.
Status FieldEncoder::gateway(const TextField& field, const Token& token) {
  switch (gateway_) {
    case 0: return token.is(".") ? Status(Done{}) : wrong(field, token, "'.', which stands for none");
    case 1: return address(field, token, Family::ipv4);
    case 2: return address(field, token, Family::ipv6);
    case 3: return name(field, token);
    default: return wrong(field, token, "of a known gateway type (0 to 3)");
  }
}

// RFC 8005 5: tag length, algorithm, key length, tag, key. The lengths are filled in when they are known.
Status FieldEncoder::host_identity(const TextField& field, const Token& token) {
  if (field.kind == TextKind::hip_algorithm) {
    out_.push_back(0);
    const Status done = number(field, token, 1);
    put_number(0, 2);
    return done;
  }
  const size_t begin = out_.size();
  if (field.kind == TextKind::hip_key) {
    if (Status done = base64_of(field, token, token.text); !done) return done;
    if (out_.size() - begin > UINT16_MAX) return wrong(field, token, "short enough");
    store16(&out_[2], static_cast<uint16_t>(out_.size() - begin));
    return Done{};
  }
  if (token.quoted || !append_hex(token.text, out_)) return wrong(field, token, "hexadecimal of whole octets");
  if (out_.size() - begin > 255) return wrong(field, token, "at most 255 octets");
  out_[0] = static_cast<uint8_t>(out_.size() - begin);
  return Done{};
}

Status FieldEncoder::hex() {
  const TextField& field = text_fields(type_).back();
  std::string digits;
  while (more()) {
    const Token& token = tokens_[at_++];
    const bool is_hex = std::ranges::all_of(token.text, [](char c) {
      return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f');
    });
    if (token.quoted || !is_hex) return wrong(field, token, "hexadecimal");
    digits += token.text;
  }
  if (append_hex(digits, out_)) return Done{};
  return Failure{subject(field) + " has an odd number of hexadecimal digits", tokens_[at_ - 1].offset};
}

Status FieldEncoder::base64(const TextField& field) {
  std::string text;
  for (; more(); ++at_) {
    const Token& token = tokens_[at_];
    if (token.quoted || !is_base64(token.text)) return wrong(field, token, "base64");
    if (text.ends_with('=') && token.text.find_first_not_of('=') != std::string_view::npos) {
      return wrong(field, token, "base64: '=' before its end");
    }
    text += token.text;
    const size_t padding = text.find('=');
    if (padding != std::string::npos && text.find_first_not_of('=', padding) != std::string::npos) {
      return wrong(field, token, "base64: '=' before its end");
    }
  }
  return base64_of(field, tokens_[at_ - 1], text);
}

Status FieldEncoder::base64_of(const TextField& field, const Token& last, std::string_view text) {
  if (last.quoted || !is_base64(text)) return wrong(field, last, "base64");
  const auto octets = parse_base64(text);
  if (octets) {
    out_.insert(out_.end(), octets->begin(), octets->end());
    return Done{};
  }
  return Failure{subject(field) + (text.size() % 4 != 0 || text.ends_with("===")
                                       ? " is not whole base64: its length must be a multiple of 4"
                                       : " is no base64: '=' before its end, or bits that stand for nothing"),
                 last.offset};
}

// Bit 0 is the highest of the octet at `begin`.
void FieldEncoder::set_bit(size_t begin, size_t bit) {
  if (out_.size() < begin + bit / 8 + 1) out_.resize(begin + bit / 8 + 1);
  out_[begin + bit / 8] = static_cast<uint8_t>(out_[begin + bit / 8] | 0x80 >> bit % 8);
}

// RFC 4034 4.1.2: windows of 256 types, each a number, a length and a bitmap without trailing zeros.
Status FieldEncoder::types(const TextField& field) {
  std::vector<uint16_t> numbers;
  for (; more(); ++at_) {
    const auto number = parse_type(tokens_[at_].text);
    if (!number || tokens_[at_].quoted) return wrong(field, tokens_[at_], "a type");
    numbers.push_back(*number);
  }
  std::ranges::sort(numbers);
  size_t bitmap = 0;
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (i == 0 || numbers[i] >> 8 != numbers[i - 1] >> 8) {
      put_number(static_cast<uint16_t>(numbers[i] & 0xff00), 2);
      bitmap = out_.size();
    }
    set_bit(bitmap, numbers[i] & 0xff);
    out_[bitmap - 1] = static_cast<uint8_t>(out_.size() - bitmap);
  }
  return Done{};
}

// One bitmap: the types up to 127 (RFC 2535 5.2), the ports of services.
Status FieldEncoder::bits(const TextField& field) {
  const bool ports = field.kind == TextKind::wks_services;
  for (const size_t begin = out_.size(); more(); ++at_) {
    const Token& token = tokens_[at_];
    const auto bit = ports ? parse_service(token.text) : parse_type(token.text);
    if (!bit || token.quoted || (!ports && (*bit == 0 || *bit > 127)))
      return wrong(field, token, ports ? "a service known here; write its port" : "a type from 1 to 127");
    set_bit(begin, *bit);
  }
  return Done{};
}

Status FieldEncoder::rest(const TextField& field) {
  const auto tokens = tokens_.subspan(at_);
  at_ = tokens_.size();
  const Status done = field.kind == TextKind::location ? append_location(tokens, end_, out_)
                                                       : append_svc_params(tokens, out_);
  return done ? done : Failure{type_text(type_) + ": " + done.failure().message, done.failure().offset};
}

}  // namespace

Status encode_fields(uint16_t type, std::span<const Token> tokens, size_t end, NameView origin,
                     std::vector<uint8_t>& rdata) {
  return FieldEncoder(type, tokens, end, origin, rdata).run();
}

}  // namespace dnsd
