#include "zones/rr_types.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace dnsd {
namespace {

using enum RdataField;
using Shape = std::span<const RdataField>;

constexpr RdataField opaque[] = {rest};
constexpr RdataField ipv4[] = {octets4};
constexpr RdataField ipv6[] = {octets16};
constexpr RdataField old_name[] = {name_compressed};
constexpr RdataField two_old_names[] = {name_compressed, name_compressed};
constexpr RdataField soa[] = {name_compressed, name_compressed, octets4, octets4, octets4, octets4, octets4};
constexpr RdataField mx[] = {octets2, name_compressed};
constexpr RdataField one_name[] = {name};
constexpr RdataField two_names[] = {name, name};
constexpr RdataField preference_name[] = {octets2, name};
constexpr RdataField preference_two_names[] = {octets2, name, name};
constexpr RdataField srv[] = {octets2, octets2, octets2, name};
constexpr RdataField naptr[] = {octets2, octets2, string, string, string, name};
constexpr RdataField svcb[] = {octets2, name, rest};
constexpr RdataField dsync[] = {octets2, octets1, octets2, name};
constexpr RdataField rrsig[] = {octets2, octets1, octets1, octets4, octets4, octets4, octets2, name, rest};
constexpr RdataField name_rest[] = {name, rest};

constexpr RrKind data = RrKind::data;
constexpr RrKind meta = RrKind::meta;

// Sorted by number. Types whose RDATA holds no name need no shape; they have a row for their mnemonic.
constexpr std::array table = std::to_array<RrType>({
    {1, "A", data, ipv4, false},
    {2, "NS", data, old_name, true},
    {3, "MD", data, old_name, false},
    {4, "MF", data, old_name, false},
    {5, "CNAME", data, old_name, false},
    {6, "SOA", data, soa, false},
    {7, "MB", data, old_name, true},
    {8, "MG", data, old_name, false},
    {9, "MR", data, old_name, false},
    {10, "NULL", data, opaque, false},
    {11, "WKS", data, opaque, false},
    {12, "PTR", data, old_name, false},
    {13, "HINFO", data, opaque, false},
    {14, "MINFO", data, two_old_names, false},
    {15, "MX", data, mx, true},
    {16, "TXT", data, opaque, false},
    {17, "RP", data, two_names, false},
    {18, "AFSDB", data, preference_name, true},
    {19, "X25", data, opaque, false},
    {20, "ISDN", data, opaque, false},
    {21, "RT", data, preference_name, true},
    {22, "NSAP", data, opaque, false},
    {23, "NSAP-PTR", data, one_name, false},
    {24, "SIG", data, rrsig, false},
    {25, "KEY", data, opaque, false},
    {26, "PX", data, preference_two_names, false},
    {27, "GPOS", data, opaque, false},
    {28, "AAAA", data, ipv6, false},
    {29, "LOC", data, opaque, false},
    {30, "NXT", data, name_rest, false},
    {31, "EID", data, opaque, false},
    {32, "NIMLOC", data, opaque, false},
    {33, "SRV", data, srv, true},
    {34, "ATMA", data, opaque, false},
    {35, "NAPTR", data, naptr, true},
    {36, "KX", data, preference_name, true},
    {37, "CERT", data, opaque, false},
    {38, "A6", data, opaque, false},
    {39, "DNAME", data, one_name, false},
    {40, "SINK", data, opaque, false},
    {41, "OPT", meta, opaque, false},
    {42, "APL", data, opaque, false},
    {43, "DS", data, opaque, false},
    {44, "SSHFP", data, opaque, false},
    {45, "IPSECKEY", data, opaque, false},
    {46, "RRSIG", data, rrsig, false},
    {47, "NSEC", data, name_rest, false},
    {48, "DNSKEY", data, opaque, false},
    {49, "DHCID", data, opaque, false},
    {50, "NSEC3", data, opaque, false},
    {51, "NSEC3PARAM", data, opaque, false},
    {52, "TLSA", data, opaque, false},
    {53, "SMIMEA", data, opaque, false},
    {55, "HIP", data, opaque, false},
    {56, "NINFO", data, opaque, false},
    {57, "RKEY", data, opaque, false},
    {58, "TALINK", data, two_names, false},
    {59, "CDS", data, opaque, false},
    {60, "CDNSKEY", data, opaque, false},
    {61, "OPENPGPKEY", data, opaque, false},
    {62, "CSYNC", data, opaque, false},
    {63, "ZONEMD", data, opaque, false},
    {64, "SVCB", data, svcb, true},
    {65, "HTTPS", data, svcb, true},
    {66, "DSYNC", data, dsync, false},
    {67, "HHIT", data, opaque, false},
    {68, "BRID", data, opaque, false},
    {99, "SPF", data, opaque, false},
    {100, "UINFO", data, opaque, false},
    {101, "UID", data, opaque, false},
    {102, "GID", data, opaque, false},
    {103, "UNSPEC", data, opaque, false},
    {104, "NID", data, opaque, false},
    {105, "L32", data, opaque, false},
    {106, "L64", data, opaque, false},
    {107, "LP", data, preference_name, false},
    {108, "EUI48", data, opaque, false},
    {109, "EUI64", data, opaque, false},
    {128, "NXNAME", meta, opaque, false},
    {249, "TKEY", meta, opaque, false},
    {250, "TSIG", meta, opaque, false},
    {251, "IXFR", meta, opaque, false},
    {252, "AXFR", meta, opaque, false},
    {253, "MAILB", meta, opaque, false},
    {254, "MAILA", meta, opaque, false},
    {255, "ANY", meta, opaque, false},
    {256, "URI", data, opaque, false},
    {257, "CAA", data, opaque, false},
    {258, "AVC", data, opaque, false},
    {259, "DOA", data, opaque, false},
    {260, "AMTRELAY", data, opaque, false},
    {261, "RESINFO", data, opaque, false},
    {262, "WALLET", data, opaque, false},
    {263, "CLA", data, opaque, false},
    {264, "IPN", data, opaque, false},
    {32768, "TA", data, opaque, false},
    {32769, "DLV", data, opaque, false},
});
static_assert(std::ranges::is_sorted(table, {}, &RrType::number));

struct ClassRow {
  uint16_t number;
  std::string_view mnemonic;
};
constexpr ClassRow classes[] = {{rr_class::IN, "IN"},
                                {rr_class::CH, "CH"},
                                {rr_class::HS, "HS"},
                                {rr_class::NONE, "NONE"},
                                {rr_class::ANY, "ANY"}};

// "TYPE123" and "CLASS32" (RFC 3597 5).
std::optional<uint16_t> parse_generic(std::string_view text, std::string_view word) {
  if (text.size() <= word.size() || !equal_ignoring_case(text.substr(0, word.size()), word)) return std::nullopt;
  const auto number = parse_decimal(text.substr(word.size()), UINT16_MAX);
  return number ? std::optional(static_cast<uint16_t>(*number)) : std::nullopt;
}

}  // namespace

const RrType* find_rr_type(uint16_t number) {
  const auto row = std::ranges::lower_bound(table, number, {}, &RrType::number);
  return row != table.end() && row->number == number ? &*row : nullptr;
}

const RrType* find_rr_type(std::string_view mnemonic) {
  for (const RrType& row : table)
    if (equal_ignoring_case(row.mnemonic, mnemonic)) return &row;
  return nullptr;
}

bool is_meta_type(uint16_t number) { return number == rr_type::OPT || (number >= 128 && number <= 255); }

std::string type_text(uint16_t number) {
  const RrType* row = find_rr_type(number);
  return row ? std::string(row->mnemonic) : "TYPE" + std::to_string(number);
}

std::optional<uint16_t> parse_type(std::string_view text) {
  if (const RrType* row = find_rr_type(text)) return row->number;
  return parse_generic(text, "TYPE");
}

std::string class_text(uint16_t number) {
  for (const ClassRow& row : classes)
    if (row.number == number) return std::string(row.mnemonic);
  return "CLASS" + std::to_string(number);
}

std::optional<uint16_t> parse_class(std::string_view text) {
  for (const ClassRow& row : classes)
    if (equal_ignoring_case(row.mnemonic, text)) return row.number;
  return parse_generic(text, "CLASS");
}

}  // namespace dnsd
