// The presentation form of RDATA, in both directions: which fields a type has, in order, and what each must look like.
//
// A reader of text that takes things for granted turns MX 70000 into 4464, fills up an odd hexadecimal digit and makes
// an unknown mnemonic TYPE0. So each field says what it is, and is refused where it is anything else; the same table
// takes the octets apart again, which is also how RDATA that came as octets is checked.
//
// Thread safety: no shared state.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "zones/logical_lines.h"
#include "zones/name.h"

namespace dnsd {

enum class TextKind : uint8_t {
  u8,
  u16,
  u32,
  u64,
  duration,  // u32, in seconds or with units
  time,      // u32, YYYYMMDDHHmmSS or seconds
  type,      // u16
  name,
  ipv4,
  ipv6,
  string,       // <character-string>, up to 255 octets
  plain_word,   // the same without anything that would need an escape: letters and digits
  long_string,  // the rest of the RDATA, without a length octet
  salt,         // hexadecimal behind a length octet; - for none
  base32,       // the hashed owner of NSEC3, behind a length octet
  locator64,    // 64 bits as 0014:4fff:ff20:ee64
  eui48,
  eui64,
  nsap,        // 0x and hexadecimal with dots: the rest
  atm,         // of ATMA: hexadecimal with dots, or + and digits: the rest
  dash_or_base64,  // of DOA: - for nothing; the rest
  gateway_type,    // u8 that says what `gateway` is
  relay_bit,       // of AMTRELAY: 0 or 1; in the octet of the
  relay_type,      // u8 below 128 that says what `gateway` is
  gateway,         // . or an address or a name (RFC 4025 2.5, RFC 8777 4.2.4)
  hip_algorithm,   // these three stand behind the lengths of the last two (RFC 8005 5)
  hip_tag,
  hip_key,
  wks_protocol,
  // from here on: all tokens that remain
  location,     // of LOC
  strings,      // one or more
  hex,          // at least one octet
  base64,       // at least one octet
  first_maybe,  // from here on: possibly none
  optional_string = first_maybe,
  optional_base64,
  names,
  types,
  old_types,     // of NXT: a plain bitmap
  svc_params,    // of SVCB
  prefixes,      // of APL
  wks_services,
};

struct Mnemonic {
  std::string_view word;
  uint16_t number;
};

struct TextField {
  TextKind kind;
  std::string_view label;                      // for messages: "the preference"
  std::span<const Mnemonic> mnemonics = {};    // what a number may be written as
};

// Empty for a type that has no presentation form here but that of RFC 3597.
std::span<const TextField> text_fields(uint16_t type);

// `tokens` are the fields as written; a failure's offset is that of the token at fault, or `end` where one is
// missing. Precondition: text_fields(type) is not empty. `rdata` is cleared first; it is a parameter to keep its
// memory.
Status encode_fields(uint16_t type, std::span<const Token> tokens, size_t end, NameView origin,
                     std::vector<uint8_t>& rdata);

// The fields as text; nothing where the RDATA does not have the shape of its type. Empty text may be a text form (APL
// without a prefix) or stand for octets of the right shape that no text form has. Precondition as above.
std::optional<std::string> decode_fields(uint16_t type, Bytes rdata);

}  // namespace dnsd
