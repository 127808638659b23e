// decode_fields(): from octets to the text of their fields.
#include <array>

#include "base/ip_address.h"
#include "zones/base64.h"
#include "zones/char_string.h"
#include "zones/loc_text.h"
#include "zones/rdata_fields.h"
#include "zones/rdata_forms.h"
#include "zones/rr_types.h"
#include "zones/svcb_text.h"

namespace dnsd {
namespace {

class FieldDecoder {
 public:
  explicit FieldDecoder(Bytes rdata) : reader_(rdata), rdata_(rdata) {}

  std::optional<std::string> run(std::span<const TextField> fields) {
    for (const TextField& field : fields)
      if (!one(field) || !reader_.ok()) return std::nullopt;
    if (reader_.remaining() > 0) return std::nullopt;
    return has_text_ ? std::move(text_) : std::string();
  }

 private:
  bool one(const TextField& field);
  bool name();
  bool names();
  bool address(size_t octets);
  bool string(bool plain);
  bool behind_length(TextKind kind);
  bool gateway();
  bool prefixes();
  bool types();

  void put(std::string_view text) {
    if (!text_.empty()) text_ += ' ';
    text_ += text;
  }
  bool number(uint64_t value) {
    put(std::to_string(value));
    return true;
  }
  bool words(std::string_view text) {
    if (!text.empty()) put(text);
    return true;
  }
  // Octets of the right shape for which there is no text.
  bool textless() {
    has_text_ = false;
    reader_.skip(reader_.remaining());
    return true;
  }
  Bytes rest() { return reader_.bytes(reader_.remaining()); }

  ByteReader reader_;
  Bytes rdata_;
  std::string text_;
  bool has_text_ = true;
  uint8_t gateway_ = 0;   // the kind of the gateway
  uint8_t tag_size_ = 0;  // of HIP
  uint16_t key_size_ = 0;
};

bool FieldDecoder::one(const TextField& field) {
  switch (field.kind) {
    case TextKind::u8: return number(reader_.u8());
    case TextKind::u16: return number(reader_.u16());
    case TextKind::u32:
    case TextKind::duration: return number(reader_.u32());
    case TextKind::u64: {
      const uint64_t high = reader_.u32();
      return number(high << 32 | reader_.u32());
    }
    case TextKind::time: return words(time_text(reader_.u32()));
    case TextKind::type: return words(type_text(reader_.u16()));
    case TextKind::name: return name();
    case TextKind::names: return names();
    case TextKind::ipv4: return address(4);
    case TextKind::ipv6: return address(16);
    case TextKind::string: return string(false);
    case TextKind::plain_word: return string(true);
    case TextKind::optional_string: return reader_.remaining() == 0 || string(false);
    case TextKind::strings:
      do {
        if (!string(false)) return false;
      } while (reader_.remaining() > 0);
      return true;
    case TextKind::long_string: {
      std::string quoted;
      append_quoted(rest(), quoted);
      return words(quoted);
    }
    case TextKind::salt:
    case TextKind::base32: return behind_length(field.kind);
    case TextKind::locator64: return words(locator_text(reader_.bytes(8)));
    case TextKind::eui48: return words(eui_text(reader_.bytes(6)));
    case TextKind::eui64: return words(eui_text(reader_.bytes(8)));
    case TextKind::nsap: return reader_.remaining() > 0 && words("0x" + hex_text(rest()));
    case TextKind::atm: {
      const std::string text = atm_text(rest());
      return text.empty() ? textless() : words(text);
    }
    case TextKind::dash_or_base64: return words(reader_.remaining() == 0 ? "-" : base64_text(rest()));
    case TextKind::gateway_type: return number(gateway_ = reader_.u8());
    case TextKind::relay_bit: gateway_ = reader_.u8(); return number(gateway_ >> 7);
    case TextKind::relay_type: return number(gateway_ &= 0x7f);
    case TextKind::gateway: return gateway();
    case TextKind::hip_algorithm:
      tag_size_ = reader_.u8();
      number(reader_.u8());
      key_size_ = reader_.u16();
      return true;
    case TextKind::hip_tag: return tag_size_ > 0 && words(hex_text(reader_.bytes(tag_size_)));
    case TextKind::hip_key: return key_size_ > 0 && words(base64_text(reader_.bytes(key_size_)));
    case TextKind::wks_protocol: return number(reader_.u8());
    case TextKind::location: return reader_.remaining() == 16 && words(location_text(rest()));
    case TextKind::hex: return reader_.remaining() > 0 && words(hex_text(rest()));
    case TextKind::base64: return reader_.remaining() > 0 && words(base64_text(rest()));
    case TextKind::optional_base64: return words(base64_text(rest()));
    case TextKind::types: return types();
    case TextKind::old_types: {
      const Bytes bitmap = rest();
      if (bitmap.size() > 16 || (!bitmap.empty() && bitmap[0] & 0x80)) return textless();
      for (size_t i = 0; i < 8 * bitmap.size(); ++i)
        if (bitmap[i / 8] & 0x80 >> i % 8) words(type_text(static_cast<uint16_t>(i)));
      return true;
    }
    case TextKind::wks_services: {
      const Bytes bitmap = rest();
      if (bitmap.size() > 8192) return false;  // there are 65,536 ports
      for (size_t i = 0; i < 8 * bitmap.size(); ++i)
        if (bitmap[i / 8] & 0x80 >> i % 8) number(i);
      return true;
    }
    case TextKind::svc_params: {
      const auto text = svc_params_text(rest());
      return text && words(*text);
    }
    case TextKind::prefixes: return prefixes();
  }
  return false;
}

bool FieldDecoder::name() {
  const size_t at = reader_.position();
  const size_t length = wire_name_length(rdata_.subspan(at));
  if (length == 0) return false;
  return words(to_text(NameView(reader_.bytes(length))));
}

bool FieldDecoder::names() {
  while (reader_.remaining() > 0)
    if (!name()) return false;
  return true;
}

bool FieldDecoder::address(size_t size) {
  const Bytes octets = reader_.bytes(size);
  if (octets.size() != size) return false;
  if (size == 4) return words(to_text(IpAddress::v4({octets[0], octets[1], octets[2], octets[3]})));
  std::array<uint8_t, 16> all{};
  std::copy(octets.begin(), octets.end(), all.begin());
  return words(to_text(IpAddress::v6(all)));
}

bool FieldDecoder::string(bool plain) {
  const Bytes octets = reader_.bytes(reader_.u8());
  if (!reader_.ok()) return false;
  std::string text;
  if (plain) {
    text = escaped_word(octets);
  } else {
    append_quoted(octets, text);
  }
  return words(text);
}

bool FieldDecoder::behind_length(TextKind kind) {
  const Bytes octets = reader_.bytes(reader_.u8());
  if (kind == TextKind::salt) return words(octets.empty() ? "-" : hex_text(octets));
  return !octets.empty() && words(base32_text(octets));
}

bool FieldDecoder::gateway() {
  switch (gateway_) {
    case 0: return words(".");
    case 1: return address(4);
    case 2: return address(16);
    case 3: return name();
    default: return textless();
  }
}

bool FieldDecoder::prefixes() {
  std::string text;
  while (reader_.remaining() > 0) {
    if (!read_prefix(reader_, text)) return false;
    if (text.empty()) has_text_ = false;
    words(text);
  }
  return true;
}

bool FieldDecoder::types() {
  int last = -1;
  while (reader_.remaining() > 0) {
    const uint8_t window = reader_.u8();
    const Bytes bitmap = reader_.bytes(reader_.u8());
    if (!reader_.ok() || bitmap.empty() || bitmap.size() > 32 || bitmap.back() == 0 || window <= last) return false;
    last = window;
    for (size_t i = 0; i < 8 * bitmap.size(); ++i)
      if (bitmap[i / 8] & 0x80 >> i % 8) words(type_text(static_cast<uint16_t>(size_t{window} << 8 | i)));
  }
  return true;
}

}  // namespace

std::optional<std::string> decode_fields(uint16_t type, Bytes rdata) {
  return FieldDecoder(rdata).run(text_fields(type));
}

}  // namespace dnsd
