// The presentation form of RDATA: which fields a type has, in order, and what each must look like.
//
// ldns converts most text but takes too much for granted: numbers wrap silently (MX 70000 becomes 4464), an odd hex
// digit is filled up, an unknown mnemonic becomes TYPE0, "@foo" becomes the apex. So each field is checked here
// first. Types made of numbers, names, addresses and strings alone are encoded here; text of the others is put in a
// normal form that ldns reads one way only: names absolute, strings quoted and escaped, types as TYPEnnn.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "zones/logical_lines.h"
#include "zones/name.h"

namespace dnsd {

enum class TextKind : uint8_t {
  u8,
  u16,
  u32,
  duration,
  name,
  ipv4,
  ipv6,
  string,           // <character-string>, up to 255 octets
  optional_string,  // the same, or nothing
  strings,          // one or more
  svc_params,       // of SVCB: all tokens that remain
  // from here on ldns encodes
  long_string,  // the rest of the RDATA, without a length octet
  code8,
  code16,  // a number or a mnemonic
  time,    // YYYYMMDDHHmmSS or seconds
  type,
  types,  // any number of them
  word,   // one token for ldns to judge
  words,  // all tokens that remain, at least one
  optional_words,
  hex_word,  // one token
  hex,       // all tokens that remain, at least one
  base64_word,
  base64,
  optional_base64,
  names,    // any number
  gateway,  // of IPSECKEY: by the field before the last one . or an address or a name
};

struct TextField {
  TextKind kind;
  std::string_view label;  // for messages: "the preference"
};

// Empty for a type that has no presentation form here but that of RFC 3597.
std::span<const TextField> text_fields(uint16_t type);

// What the fields of a record became: the RDATA, or where `for_ldns` is set the text that ldns shall convert.
struct EncodedFields {
  std::vector<uint8_t> rdata;
  std::string text;
  bool for_ldns = false;
};

// `tokens` are the fields as written; a failure's offset is that of the token at fault, or `end` where one is
// missing. Precondition: text_fields(type) is not empty. `out` is cleared first; it is a parameter to keep its
// memory.
Status encode_fields(uint16_t type, std::span<const Token> tokens, size_t end, NameView origin, EncodedFields& out);

}  // namespace dnsd
