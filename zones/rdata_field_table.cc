// The table of text_fields(): one row per type.
#include "zones/rdata_fields.h"

#include <algorithm>
#include <array>

namespace dnsd {
namespace {

using enum TextKind;
using Fields = std::span<const TextField>;

constexpr TextField ipv4_fields[] = {{ipv4, "address"}};
constexpr TextField ipv6_fields[] = {{ipv6, "address"}};
constexpr TextField name_fields[] = {{name, "name"}};
constexpr TextField soa_fields[] = {{name, "primary name server"}, {name, "mailbox"},   {u32, "serial"},
                                    {duration, "refresh"},         {duration, "retry"}, {duration, "expire"},
                                    {duration, "minimum"}};
constexpr TextField wks_fields[] = {{ipv4, "address"}, {word, "protocol"}, {optional_words, "services"}};
constexpr TextField hinfo_fields[] = {{string, "CPU"}, {string, "operating system"}};
constexpr TextField minfo_fields[] = {{name, "mailbox"}, {name, "error mailbox"}};
constexpr TextField preference_fields[] = {{u16, "preference"}, {name, "name"}};
constexpr TextField afsdb_fields[] = {{u16, "subtype"}, {name, "host"}};
constexpr TextField text_strings[] = {{strings, "text"}};
constexpr TextField rp_fields[] = {{name, "mailbox"}, {name, "name of the text"}};
constexpr TextField x25_fields[] = {{string, "PSDN address"}};
constexpr TextField isdn_fields[] = {{string, "ISDN address"}, {optional_string, "subaddress"}};
constexpr TextField nsap_fields[] = {{word, "NSAP"}};
constexpr TextField rrsig_fields[] = {{type, "type covered"},     {code8, "algorithm"}, {u8, "labels"},
                                      {duration, "original TTL"}, {time, "expiration"}, {time, "inception"},
                                      {u16, "key tag"},           {name, "signer"},     {base64, "signature"}};
constexpr TextField key_fields[] = {{u16, "flags"}, {u8, "protocol"}, {code8, "algorithm"}, {base64, "key"}};
constexpr TextField px_fields[] = {{u16, "preference"}, {name, "RFC 822 name"}, {name, "X.400 name"}};
constexpr TextField gpos_fields[] = {{string, "longitude"}, {string, "latitude"}, {string, "altitude"}};
constexpr TextField loc_fields[] = {{words, "location"}};
constexpr TextField hex_fields[] = {{hex, "data"}};
constexpr TextField srv_fields[] = {{u16, "priority"}, {u16, "weight"}, {u16, "port"}, {name, "target"}};
constexpr TextField naptr_fields[] = {{u16, "order"},
                                      {u16, "preference"},
                                      {string, "flags"},
                                      {string, "services"},
                                      {string, "regular expression"},
                                      {name, "replacement"}};
constexpr TextField cert_fields[] = {
    {code16, "type"}, {u16, "key tag"}, {code8, "algorithm"}, {base64, "certificate"}};
constexpr TextField apl_fields[] = {{optional_words, "prefixes"}};
constexpr TextField ds_fields[] = {{u16, "key tag"}, {code8, "algorithm"}, {u8, "digest type"}, {hex, "digest"}};
constexpr TextField sshfp_fields[] = {{u8, "algorithm"}, {u8, "fingerprint type"}, {hex, "fingerprint"}};
constexpr TextField ipseckey_fields[] = {
    {u8, "precedence"}, {u8, "gateway type"}, {u8, "algorithm"}, {gateway, "gateway"}, {optional_base64, "key"}};
constexpr TextField nsec_fields[] = {{name, "next name"}, {types, "types"}};
constexpr TextField base64_fields[] = {{base64, "data"}};
constexpr TextField nsec3_fields[] = {{u8, "hash algorithm"},     {u8, "flags"},
                                      {u16, "iterations"},        {word, "salt"},
                                      {word, "next hashed name"}, {types, "types"}};
constexpr TextField nsec3param_fields[] = {
    {u8, "hash algorithm"}, {u8, "flags"}, {u16, "iterations"}, {word, "salt"}};
constexpr TextField tlsa_fields[] = {{code8, "usage"}, {code8, "selector"}, {code8, "matching type"}, {hex, "data"}};
constexpr TextField hip_fields[] = {
    {u8, "algorithm"}, {hex_word, "host identity tag"}, {base64_word, "key"}, {names, "rendezvous servers"}};
constexpr TextField talink_fields[] = {{name, "previous name"}, {name, "next name"}};
constexpr TextField csync_fields[] = {{u32, "serial"}, {u16, "flags"}, {types, "types"}};
constexpr TextField zonemd_fields[] = {{u32, "serial"}, {u8, "scheme"}, {u8, "hash algorithm"}, {hex, "digest"}};
constexpr TextField svcb_fields[] = {{u16, "priority"}, {name, "target"}, {svc_params, "parameters"}};
constexpr TextField locator64_fields[] = {{u16, "preference"}, {word, "locator"}};
constexpr TextField locator32_fields[] = {{u16, "preference"}, {ipv4, "locator"}};
constexpr TextField eui_fields[] = {{word, "address"}};
constexpr TextField uri_fields[] = {{u16, "priority"}, {u16, "weight"}, {long_string, "target"}};
constexpr TextField caa_fields[] = {{u8, "flags"}, {word, "tag"}, {long_string, "value"}};

struct Row {
  uint16_t type;
  Fields fields;
};

constexpr std::array table = std::to_array<Row>({
    {1, ipv4_fields},        {2, name_fields},        {3, name_fields},         {4, name_fields},
    {5, name_fields},        {6, soa_fields},         {7, name_fields},         {8, name_fields},
    {9, name_fields},        {11, wks_fields},        {12, name_fields},        {13, hinfo_fields},
    {14, minfo_fields},      {15, preference_fields}, {16, text_strings},       {17, rp_fields},
    {18, afsdb_fields},      {19, x25_fields},        {20, isdn_fields},        {21, preference_fields},
    {22, nsap_fields},       {23, name_fields},       {24, rrsig_fields},       {25, key_fields},
    {26, px_fields},         {27, gpos_fields},       {28, ipv6_fields},        {29, loc_fields},
    {31, hex_fields},        {32, hex_fields},        {33, srv_fields},         {34, nsap_fields},
    {35, naptr_fields},      {36, preference_fields}, {37, cert_fields},        {39, name_fields},
    {42, apl_fields},        {43, ds_fields},         {44, sshfp_fields},       {45, ipseckey_fields},
    {46, rrsig_fields},      {47, nsec_fields},       {48, key_fields},         {49, base64_fields},
    {50, nsec3_fields},      {51, nsec3param_fields}, {52, tlsa_fields},        {53, tlsa_fields},
    {55, hip_fields},        {56, text_strings},      {58, talink_fields},      {59, ds_fields},
    {60, key_fields},        {61, base64_fields},     {62, csync_fields},       {63, zonemd_fields},
    {64, svcb_fields},       {65, svcb_fields},       {99, text_strings},       {104, locator64_fields},
    {105, locator32_fields}, {106, locator64_fields}, {107, preference_fields}, {108, eui_fields},
    {109, eui_fields},       {256, uri_fields},       {257, caa_fields},        {258, text_strings},
    {32769, ds_fields},
});
static_assert(std::ranges::is_sorted(table, {}, &Row::type));

}  // namespace

Fields text_fields(uint16_t type) {
  const auto row = std::ranges::lower_bound(table, type, {}, &Row::type);
  return row != table.end() && row->type == type ? row->fields : Fields{};
}

}  // namespace dnsd
