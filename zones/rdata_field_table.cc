// The table of text_fields(): one row per type.
#include "zones/rdata_fields.h"

#include <algorithm>
#include <array>

namespace dnsd {
namespace {

using enum TextKind;
using Fields = std::span<const TextField>;

// IANA: DNS Security Algorithm Numbers; BIND's names for two of them too.
constexpr Mnemonic algorithms[] = {{"RSAMD5", 1},
                                   {"DH", 2},
                                   {"DSA", 3},
                                   {"ECC", 4},
                                   {"RSASHA1", 5},
                                   {"DSA-NSEC3-SHA1", 6},
                                   {"NSEC3DSA", 6},
                                   {"RSASHA1-NSEC3-SHA1", 7},
                                   {"NSEC3RSASHA1", 7},
                                   {"RSASHA256", 8},
                                   {"RSASHA512", 10},
                                   {"ECC-GOST", 12},
                                   {"ECCGOST", 12},
                                   {"ECDSAP256SHA256", 13},
                                   {"ECDSAP384SHA384", 14},
                                   {"ED25519", 15},
                                   {"ED448", 16},
                                   {"SM2SM3", 17},
                                   {"ECC-GOST12", 23},
                                   {"INDIRECT", 252},
                                   {"PRIVATEDNS", 253},
                                   {"PRIVATEOID", 254}};
// RFC 4398 2.1.
constexpr Mnemonic certificate_types[] = {{"PKIX", 1}, {"SPKI", 2},   {"PGP", 3},     {"IPKIX", 4}, {"ISPKI", 5},
                                          {"IPGP", 6}, {"ACPKIX", 7}, {"IACPKIX", 8}, {"URI", 253}, {"OID", 254}};
constexpr Mnemonic digests[] = {{"SHA-1", 1}, {"SHA1", 1},    {"SHA-256", 2}, {"SHA256", 2},
                                {"GOST", 3},  {"SHA-384", 4}, {"SHA384", 4}};
// RFC 7218.
constexpr Mnemonic tlsa_usages[] = {
    {"PKIX-TA", 0}, {"PKIX-EE", 1}, {"DANE-TA", 2}, {"DANE-EE", 3}, {"PrivCert", 255}};
constexpr Mnemonic tlsa_selectors[] = {{"Cert", 0}, {"SPKI", 1}, {"PrivSel", 255}};
constexpr Mnemonic tlsa_matchings[] = {{"Full", 0}, {"SHA2-256", 1}, {"SHA2-512", 2}, {"PrivMatch", 255}};
constexpr Mnemonic dsync_schemes[] = {{"NOTIFY", 1}};  // RFC 9859

constexpr TextField ipv4_fields[] = {{ipv4, "address"}};
constexpr TextField ipv6_fields[] = {{ipv6, "address"}};
constexpr TextField name_fields[] = {{name, "name"}};
constexpr TextField soa_fields[] = {{name, "primary name server"}, {name, "mailbox"},   {u32, "serial"},
                                    {duration, "refresh"},         {duration, "retry"}, {duration, "expire"},
                                    {duration, "minimum"}};
constexpr TextField wks_fields[] = {{ipv4, "address"}, {wks_protocol, "protocol"}, {wks_services, "services"}};
constexpr TextField hinfo_fields[] = {{string, "CPU"}, {string, "operating system"}};
constexpr TextField minfo_fields[] = {{name, "mailbox"}, {name, "error mailbox"}};
constexpr TextField preference_fields[] = {{u16, "preference"}, {name, "name"}};
constexpr TextField afsdb_fields[] = {{u16, "subtype"}, {name, "host"}};
constexpr TextField text_strings[] = {{strings, "text"}};
constexpr TextField rp_fields[] = {{name, "mailbox"}, {name, "name of the text"}};
constexpr TextField x25_fields[] = {{string, "PSDN address"}};
constexpr TextField isdn_fields[] = {{string, "ISDN address"}, {optional_string, "subaddress"}};
constexpr TextField nsap_fields[] = {{nsap, "address"}};
constexpr TextField atma_fields[] = {{atm, "address"}};
constexpr TextField rrsig_fields[] = {
    {type, "type covered"}, {u8, "algorithm", algorithms}, {u8, "labels"},   {duration, "original TTL"},
    {time, "expiration"},   {time, "inception"},           {u16, "key tag"}, {name, "signer"},
    {base64, "signature"}};
constexpr TextField key_fields[] = {{u16, "flags"}, {u8, "protocol"}, {u8, "algorithm", algorithms}, {base64, "key"}};
// A KEY may say that there is none (RFC 2535 3.1.2).
constexpr TextField old_key_fields[] = {
    {u16, "flags"}, {u8, "protocol"}, {u8, "algorithm", algorithms}, {optional_base64, "key"}};
constexpr TextField px_fields[] = {{u16, "preference"}, {name, "RFC 822 name"}, {name, "X.400 name"}};
constexpr TextField gpos_fields[] = {{string, "longitude"}, {string, "latitude"}, {string, "altitude"}};
constexpr TextField loc_fields[] = {{location, "location"}};
constexpr TextField hex_fields[] = {{hex, "data"}};
constexpr TextField srv_fields[] = {{u16, "priority"}, {u16, "weight"}, {u16, "port"}, {name, "target"}};
constexpr TextField naptr_fields[] = {{u16, "order"},
                                      {u16, "preference"},
                                      {string, "flags"},
                                      {string, "services"},
                                      {string, "regular expression"},
                                      {name, "replacement"}};
constexpr TextField cert_fields[] = {
    {u16, "type", certificate_types}, {u16, "key tag"}, {u8, "algorithm", algorithms}, {base64, "certificate"}};
constexpr TextField apl_fields[] = {{prefixes, "prefixes"}};
constexpr TextField ds_fields[] = {
    {u16, "key tag"}, {u8, "algorithm", algorithms}, {u8, "digest type", digests}, {hex, "digest"}};
constexpr TextField sshfp_fields[] = {{u8, "algorithm"}, {u8, "fingerprint type"}, {hex, "fingerprint"}};
constexpr TextField ipseckey_fields[] = {{u8, "precedence"},
                                         {gateway_type, "gateway type"},
                                         {u8, "algorithm"},
                                         {gateway, "gateway"},
                                         {optional_base64, "key"}};
constexpr TextField nsec_fields[] = {{name, "next name"}, {types, "types"}};
constexpr TextField base64_fields[] = {{base64, "data"}};
constexpr TextField nsec3_fields[] = {{u8, "hash algorithm"},       {u8, "flags"},
                                      {u16, "iterations"},          {salt, "salt"},
                                      {base32, "next hashed name"}, {types, "types"}};
constexpr TextField nsec3param_fields[] = {
    {u8, "hash algorithm"}, {u8, "flags"}, {u16, "iterations"}, {salt, "salt"}};
constexpr TextField tlsa_fields[] = {{u8, "usage", tlsa_usages},
                                     {u8, "selector", tlsa_selectors},
                                     {u8, "matching type", tlsa_matchings},
                                     {hex, "data"}};
constexpr TextField hip_fields[] = {
    {hip_algorithm, "algorithm"}, {hip_tag, "host identity tag"}, {hip_key, "key"}, {names, "rendezvous servers"}};
constexpr TextField talink_fields[] = {{name, "previous name"}, {name, "next name"}};
constexpr TextField csync_fields[] = {{u32, "serial"}, {u16, "flags"}, {types, "types"}};
constexpr TextField zonemd_fields[] = {{u32, "serial"}, {u8, "scheme"}, {u8, "hash algorithm"}, {hex, "digest"}};
constexpr TextField svcb_fields[] = {{u16, "priority"}, {name, "target"}, {svc_params, "parameters"}};
constexpr TextField locator64_fields[] = {{u16, "preference"}, {locator64, "locator"}};
constexpr TextField locator32_fields[] = {{u16, "preference"}, {ipv4, "locator"}};
constexpr TextField eui48_fields[] = {{eui48, "address"}};
constexpr TextField eui64_fields[] = {{eui64, "address"}};
constexpr TextField uri_fields[] = {{u16, "priority"}, {u16, "weight"}, {long_string, "target"}};
constexpr TextField caa_fields[] = {{u8, "flags"}, {plain_word, "tag"}, {long_string, "value"}};
constexpr TextField nxt_fields[] = {{name, "next name"}, {old_types, "types"}};
constexpr TextField sink_fields[] = {{u8, "meaning"}, {u8, "coding"}, {u8, "subcoding"}, {optional_base64, "data"}};
constexpr TextField dsync_fields[] = {{type, "type"}, {u8, "scheme", dsync_schemes}, {u16, "port"}, {name, "target"}};
constexpr TextField doa_fields[] = {
    {u32, "enterprise"}, {u32, "type"}, {u8, "location"}, {string, "media type"}, {dash_or_base64, "data"}};
constexpr TextField amtrelay_fields[] = {
    {u8, "precedence"}, {relay_bit, "discovery"}, {relay_type, "relay type"}, {gateway, "relay"}};
constexpr TextField ipn_fields[] = {{u64, "number"}};

struct Row {
  uint16_t type;
  Fields fields;
};

constexpr std::array table = std::to_array<Row>({
    {1, ipv4_fields},         {2, name_fields},        {3, name_fields},        {4, name_fields},
    {5, name_fields},         {6, soa_fields},         {7, name_fields},        {8, name_fields},
    {9, name_fields},         {11, wks_fields},        {12, name_fields},       {13, hinfo_fields},
    {14, minfo_fields},       {15, preference_fields}, {16, text_strings},      {17, rp_fields},
    {18, afsdb_fields},       {19, x25_fields},        {20, isdn_fields},       {21, preference_fields},
    {22, nsap_fields},        {23, name_fields},       {24, rrsig_fields},      {25, old_key_fields},
    {26, px_fields},          {27, gpos_fields},       {28, ipv6_fields},       {29, loc_fields},
    {30, nxt_fields},         {31, hex_fields},        {32, hex_fields},        {33, srv_fields},
    {34, atma_fields},        {35, naptr_fields},      {36, preference_fields}, {37, cert_fields},
    {39, name_fields},        {40, sink_fields},       {42, apl_fields},        {43, ds_fields},
    {44, sshfp_fields},       {45, ipseckey_fields},   {46, rrsig_fields},      {47, nsec_fields},
    {48, key_fields},         {49, base64_fields},     {50, nsec3_fields},      {51, nsec3param_fields},
    {52, tlsa_fields},        {53, tlsa_fields},       {55, hip_fields},        {56, text_strings},
    {57, key_fields},         {58, talink_fields},     {59, ds_fields},         {60, key_fields},
    {61, base64_fields},      {62, csync_fields},      {63, zonemd_fields},     {64, svcb_fields},
    {65, svcb_fields},        {66, dsync_fields},      {67, base64_fields},     {68, base64_fields},
    {99, text_strings},       {104, locator64_fields}, {105, locator32_fields}, {106, locator64_fields},
    {107, preference_fields}, {108, eui48_fields},     {109, eui64_fields},     {256, uri_fields},
    {257, caa_fields},        {258, text_strings},     {259, doa_fields},       {260, amtrelay_fields},
    {261, text_strings},      {262, text_strings},     {263, text_strings},     {264, ipn_fields},
    {32768, ds_fields},       {32769, ds_fields},
});
static_assert(std::ranges::is_sorted(table, {}, &Row::type));

}  // namespace

Fields text_fields(uint16_t type) {
  const auto row = std::ranges::lower_bound(table, type, {}, &Row::type);
  return row != table.end() && row->type == type ? row->fields : Fields{};
}

}  // namespace dnsd
