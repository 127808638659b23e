// THE table of resource record types: number, mnemonic, what kind of type it is, and the shape of its RDATA as far as
// an authoritative server must know it. A new type is one row in rr_types.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace dnsd {

namespace rr_type {
inline constexpr uint16_t A = 1, NS = 2, CNAME = 5, SOA = 6, PTR = 12, MX = 15, TXT = 16, AAAA = 28, SRV = 33,
                          NAPTR = 35, DNAME = 39, OPT = 41, DS = 43, RRSIG = 46, NSEC = 47, DNSKEY = 48, NSEC3 = 50,
                          NSEC3PARAM = 51, CDS = 59, CDNSKEY = 60, SVCB = 64, HTTPS = 65, TSIG = 250, IXFR = 251,
                          AXFR = 252, MAILB = 253, MAILA = 254, ANY = 255;
}
namespace rr_class {
inline constexpr uint16_t IN = 1, CH = 3, HS = 4, NONE = 254, ANY = 255;
}

enum class RrKind : uint8_t {
  data,  // may stand in a zone
  meta,  // never in a zone: OPT, TSIG, and the question types AXFR, ANY, … (RFC 6895 3.1)
};

// One field of RDATA. Fields up to the last name matter: what follows is `rest`.
enum class RdataField : uint8_t {
  name_compressed,  // a name that may be compressed on the wire: the types of RFC 1035 only (RFC 3597 4)
  name,             // a name that is never compressed
  octets1,
  octets2,
  octets4,
  octets16,
  string,  // a length octet and so many octets
  rest,    // whatever follows, possibly nothing
};

struct RrType {
  uint16_t number;
  std::string_view mnemonic;
  RrKind kind;
  std::span<const RdataField> rdata;
  bool additional;  // the last name in the RDATA asks for addresses in the additional section (RFC 1035 3.3, 2782,
                    // 9460)
};

// Null for a type that has no row: then RFC 3597 applies (RDATA opaque, TYPEnnn).
const RrType* find_rr_type(uint16_t number);
const RrType* find_rr_type(std::string_view mnemonic);  // case ignored
bool is_meta_type(uint16_t number);                     // 41, 128 to 255 (RFC 6895 3.1)

std::string type_text(uint16_t number);                     // "A", "TYPE65280"
std::optional<uint16_t> parse_type(std::string_view text);  // either of both forms
std::string class_text(uint16_t number);                    // "IN", "CLASS32"
std::optional<uint16_t> parse_class(std::string_view text);

// Calls visit(offset, length, compressible) for each name in RDATA in wire form, uncompressed; false where the RDATA
// does not have the shape of its type.
template <typename Visit>
bool for_each_name(uint16_t type, Bytes rdata, Visit visit);

}  // namespace dnsd

#include "zones/rr_types_inl.h"
