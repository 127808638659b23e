#include "zones/rdata_text.h"

#include <gtest/gtest.h>

#include <set>

#include "zone_text.h"
#include "zones/rdata_fields.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

const Name origin = name("example.com.");

// The RDATA as text again, or "! " and why not, with the offset.
std::string again(uint16_t type, std::string_view text) {
  const auto rdata = rdata_from_text(type, text, origin);
  if (!rdata) return "! " + std::to_string(rdata.failure().offset) + " " + rdata.failure().message;
  return rdata_to_text(type, *rdata);
}

TEST(RdataText, RoundTripOfASampleOfEveryType) {
  const ReadZone read = read_text(sample("all_types.zone"));
  EXPECT_EQ(read.messages, "");
  ASSERT_TRUE(read.zone);
  std::set<uint16_t> seen;
  for (size_t i = 0; i < read.zone->size(); ++i) {
    const RecordView r = (*read.zone)[i];
    const std::string text = rdata_to_text(r.type, r.rdata);
    const auto octets = rdata_from_text(r.type, text, NameView());
    ASSERT_TRUE(octets) << record_text(r);
    EXPECT_TRUE(std::ranges::equal(*octets, r.rdata)) << record_text(r);
    const bool no_text = text_fields(r.type).empty() || to_text(r.owner).starts_with("textless");
    EXPECT_EQ(text.starts_with("\\#"), no_text) << record_text(r);
    seen.insert(r.type);
  }
  for (uint32_t number = 0; number <= 65535; ++number) {
    const auto type = static_cast<uint16_t>(number);
    EXPECT_TRUE(text_fields(type).empty() || seen.contains(type)) << type_text(type);
  }
}

TEST(RdataText, EveryTypeOfTheTableHasATextFormOrIsKnownToHaveNone) {
  std::vector<std::string> without;
  for (uint32_t type = 0; type <= 65535; ++type) {
    const RrType* row = find_rr_type(static_cast<uint16_t>(type));
    if (row && row->kind == RrKind::data && text_fields(row->number).empty()) without.emplace_back(row->mnemonic);
  }
  EXPECT_EQ(without, (std::vector<std::string>{"NULL", "A6", "UINFO", "UID", "GID", "UNSPEC"}));
}

TEST(RdataText, GeneralFormOfRfc3597) {
  EXPECT_EQ(again(65280, "\\# 4 0A00 0001"), "\\# 4 0a000001");
  EXPECT_EQ(again(65280, "\\# 0"), "\\# 0");
  EXPECT_EQ(again(rr_type::A, "\\# 4 c0000201"), "192.0.2.1");
  EXPECT_EQ(again(65280, "\\# 3 0a"), "! 3 the length says 3 octets, but there are 1");
  EXPECT_EQ(again(65280, "\\# 1 0"), "! 5 an odd number of hexadecimal digits");
  EXPECT_EQ(again(65280, "\\# 1 0g"), "! 5 '0g' is not hexadecimal");
  EXPECT_EQ(again(65280, "\\# 65536 00"), "! 3 '65536' is not a length from 0 to 65535");
  EXPECT_EQ(again(65280, "\\#"), "! 2 \\# wants a length");
  EXPECT_EQ(again(65280, "192.0.2.1"),
            "! 0 TYPE65280 has no text form here; write its RDATA as \\# length hex (RFC 3597)");
}

TEST(RdataText, OctetsOfAKnownTypeMustHaveItsShape) {
  EXPECT_EQ(again(rr_type::A, "\\# 3 c00002"), "! 0 these octets are no RDATA of A");
  EXPECT_EQ(again(rr_type::MX, "\\# 4 000ac00c"), "! 0 these octets are no RDATA of MX");
  EXPECT_EQ(again(rr_type::TXT, "\\# 2 05ff"), "! 0 these octets are no RDATA of TXT");
  EXPECT_EQ(again(rr_type::NSEC, "\\# 3 000000"), "! 0 these octets are no RDATA of NSEC");
}

TEST(RdataText, NamesAreRelativeToTheOrigin) {
  EXPECT_EQ(again(rr_type::MX, "10 mail"), "10 mail.example.com.");
  EXPECT_EQ(again(rr_type::SRV, "1 2 3 @"), "1 2 3 example.com.");
  EXPECT_EQ(again(rr_type::NSEC, "a A"), "a.example.com. A");
  EXPECT_EQ(again(45, "10 3 2 gw AQID"), "10 3 2 gw.example.com. AQID");
  EXPECT_EQ(again(55, "2 20010010 AQID rvs"), "2 20010010 AQID rvs.example.com.");
  EXPECT_EQ(again(rr_type::SVCB, "1 t alpn=h2"), "1 t.example.com. alpn=h2");
  EXPECT_EQ(again(rr_type::NS, "\"ns1\""), "! 0 NS: the name 'ns1' is not a domain name; names stand without quotes");
}

TEST(RdataText, StringsHold255Octets) {
  EXPECT_EQ(again(rr_type::TXT, std::string(255, 'x')), "\"" + std::string(255, 'x') + "\"");
  EXPECT_EQ(again(rr_type::TXT, std::string(256, 'x')),
            "! 0 TXT: the text has 256 octets; a string holds 255, write several");
  EXPECT_EQ(again(rr_type::TXT, "\"\\256\""), "! 1 a bad escape; write \\X or \\DDD");
  EXPECT_EQ(again(rr_type::TXT, "a\\"), "! 1 a bad escape; write \\X or \\DDD");
  EXPECT_EQ(again(rr_type::TXT, "\xc3\xa4"), "\"\\195\\164\"");
  EXPECT_EQ(again(257, "0 issue \"" + std::string(300, 'x') + "\""), "0 issue \"" + std::string(300, 'x') + "\"");
  EXPECT_EQ(again(257, "0 issue \"a\\;\\\" b\\200\""), "0 issue \"a;\\\" b\\200\"");
}

TEST(RdataText, MessagesNameTheFieldAndItsPlace) {
  EXPECT_EQ(again(rr_type::MX, "ten mail"), "! 0 MX: the preference 'ten' is not a number from 0 to 65535");
  EXPECT_EQ(again(rr_type::MX, "10"), "! 2 MX: the name is missing");
  EXPECT_EQ(again(rr_type::MX, "10 a b"), "! 5 MX: 'b' is too much; there is no such field");
  EXPECT_EQ(again(rr_type::MX, "10 a..b"), "! 5 MX: the name: an empty label in 'a..b'");
  EXPECT_EQ(again(rr_type::A, "2001:db8::1"), "! 0 A: the address '2001:db8::1' is not an IPv4 address");
  EXPECT_EQ(again(rr_type::AAAA, "192.0.2.1"), "! 0 AAAA: the address '192.0.2.1' is not an IPv6 address");
  EXPECT_EQ(again(rr_type::A, ""), "! 0 A: the address is missing");
  EXPECT_EQ(again(rr_type::SOA, "a b 1 2 3 4 4294967296"),
            "! 12 SOA: the minimum '4294967296' is not a number of seconds up to 2147483647, or one with units as in "
            "1h30m");
  EXPECT_EQ(again(rr_type::DS, "1 RSASHA256 2 00"), "! 0 DS: a digest of type 2 has 32 octets, this one 1");
  EXPECT_EQ(again(rr_type::DNSKEY, "256 3 FOO AQID"),
            "! 6 DNSKEY: the algorithm 'FOO' is not a number from 0 to 255, nor a mnemonic for one");
  EXPECT_EQ(again(rr_type::DNSKEY, "256 3 8 AQI"),
            "! 8 DNSKEY: the key is not whole base64: its length must be a multiple of 4");
  EXPECT_EQ(again(rr_type::DNSKEY, "256 3 8 AQ==AQID"),
            "! 8 DNSKEY: the key 'AQ==AQID' is not base64: '=' before its end");
  EXPECT_EQ(again(rr_type::RRSIG, "A 5 3 1 20301322173103 20300220173103 1 @ AQID"),
            "! 8 RRSIG: the expiration '20301322173103' is not a time; write YYYYMMDDHHmmSS");
  EXPECT_EQ(again(rr_type::NSEC, "a A FOO"), "! 4 NSEC: the types 'FOO' is not a type");
  EXPECT_EQ(again(45, "10 4 2 x AQID"), "! 7 IPSECKEY: the gateway 'x' is not of a known gateway type (0 to 3)");
}

TEST(RdataText, OddFormsAreReadOneWayOnly) {
  EXPECT_EQ(again(260, "10 1 3 relay"), "10 1 3 relay.example.com.");
  EXPECT_EQ(again(260, "10 2 0 ."), "! 3 AMTRELAY: the discovery '2' is not a number from 0 to 1");
  EXPECT_EQ(again(260, "10 0 128 ."), "! 5 AMTRELAY: the relay type '128' is not a number from 0 to 127");
  EXPECT_EQ(again(260, "10 0 0 x"), "! 7 AMTRELAY: the relay 'x' is not '.', which stands for none");
  EXPECT_EQ(again(45, "10 1 2 2001:db8::1 AQID"), "! 7 IPSECKEY: the gateway '2001:db8::1' is not an IPv4 address");
  EXPECT_EQ(again(108, "00-00-5E-00-53-2A"), "00-00-5e-00-53-2a");
  EXPECT_EQ(again(108, "00:00:5e:00:53:2a"),
            "! 0 EUI48: the address '00:00:5e:00:53:2a' is not 48 bits; write 00-00-5e-00-53-2a");
  EXPECT_EQ(again(104, "10 14:4fff:ff20:e"), "10 0014:4fff:ff20:000e");
  EXPECT_EQ(again(104, "10 14:4fff::e"),
            "! 3 NID: the locator '14:4fff::e' is not 64 bits; write 0014:4fff:ff20:ee64");
  EXPECT_EQ(again(22, "0x47.0005.80"), "0x47000580");
  EXPECT_TRUE(again(22, "47000580").starts_with("! 0 NSAP: the address"));
  EXPECT_EQ(again(34, "+61200000000"), "+61200000000");
  EXPECT_EQ(again(34, "39.246f"), "39246f");
  EXPECT_EQ(again(42, "!1:192.0.2.64/28 2:2001:db8::/32"), "!1:192.0.2.64/28 2:2001:db8::/32");
  for (const char* bad :
       {"1:192.0.2.0", "1:192.0.2.0/33", "3:192.0.2.0/8", "2:192.0.2.0/8", "0:192.0.2.0/8", "1/192.0.2.0:8"})
    EXPECT_TRUE(again(42, bad).starts_with("! 0 APL: the prefixes")) << bad;
  EXPECT_EQ(again(11, "192.0.2.1 tcp smtp 80"), "192.0.2.1 6 25 80");
  EXPECT_EQ(again(11, "192.0.2.1 foo 80"),
            "! 10 WKS: the protocol 'foo' is not a protocol known here; write its number");
  EXPECT_EQ(again(30, "next MX A"), "next.example.com. A MX");
  EXPECT_EQ(again(30, "next TYPE128"), "! 5 NXT: the types 'TYPE128' is not a type from 1 to 127");
  EXPECT_EQ(again(264, "18446744073709551616"),
            "! 0 IPN: the number '18446744073709551616' is not a number from 0 to 18446744073709551615");
  EXPECT_EQ(again(259, "1 2 3 \"\" -"), "1 2 3 \"\" -");
  EXPECT_EQ(again(66, "CDS notify 53 t"), "CDS 1 53 t.example.com.");
  EXPECT_EQ(again(52, "DANE-EE SPKI SHA2-256 aa"), "3 1 1 aa");
  EXPECT_EQ(again(37, "pkix 1 rsasha256 AQID"), "1 1 8 AQID");
  EXPECT_EQ(
      again(50, "1 0 0 - 2t7b4g4vsa5smi47k61mv5bv1a22boj"),
      "! 8 NSEC3: the next hashed name '2t7b4g4vsa5smi47k61mv5bv1a22boj' is not base32 of the extended hex alphabet");
  EXPECT_EQ(again(55, "2 200 AQID"), "! 2 HIP: the host identity tag '200' is not hexadecimal of whole octets");
}

TEST(RdataText, TimesAreThoseOfTheCalendar) {
  const std::string rest = " 20300220173103 2642 a. AQID";
  EXPECT_EQ(again(rr_type::RRSIG, "A 5 3 60 20240229235959" + rest), "A 5 3 60 20240229235959" + rest);
  EXPECT_EQ(again(rr_type::RRSIG, "A 5 3 60 0" + rest), "A 5 3 60 19700101000000" + rest);
  EXPECT_EQ(again(rr_type::RRSIG, "A 5 3 60 4294967295" + rest), "A 5 3 60 21060207062815" + rest);
  for (const char* bad :
       {"20230229000000", "20300432000000", "19691231235959", "21060207062816", "4294967296", "2030010100000a"})
    EXPECT_FALSE(rdata_from_text(rr_type::RRSIG, std::string("A 5 3 60 ") + bad + rest, NameView())) << bad;
}

TEST(RdataText, OneRecordIsOneLine) {
  EXPECT_EQ(again(rr_type::A, "192.0.2.1\nevil A 192.0.2.2"), "! 10 more than one line");
  EXPECT_EQ(again(rr_type::A, "( 192.0.2.1 )"), "192.0.2.1");
  EXPECT_EQ(again(rr_type::A, "( 192.0.2.1"), "! 0 '(' is never closed");
}

TEST(RdataText, OctetsOfNoShapeAreWrittenInTheGeneralForm) {
  const uint8_t odd[] = {1, 2, 3};
  EXPECT_EQ(rdata_to_text(rr_type::A, odd), "\\# 3 010203");
  EXPECT_EQ(rdata_to_text(rr_type::SOA, odd), "\\# 3 010203");
  EXPECT_EQ(rdata_to_text(rr_type::TXT, odd), "\\# 3 010203");
  EXPECT_EQ(rdata_to_text(rr_type::NS, odd), "\\# 3 010203");
  EXPECT_EQ(rdata_to_text(rr_type::TXT, {}), "\\# 0");
}

TEST(RdataText, RdataHolds65535Octets) {
  const std::string hex(2 * 65532, 'a');
  EXPECT_EQ(again(10, "\\# 40000 " + hex.substr(0, 80000)), "\\# 40000 " + hex.substr(0, 80000));
  EXPECT_EQ(again(52, "3 1 1 " + hex), "3 1 1 " + hex);
  EXPECT_EQ(again(52, "\\# 65535 030101" + hex), "3 1 1 " + hex);
  EXPECT_EQ(again(52, "3 1 1 aa" + hex), "! 0 RDATA of more than 65535 octets");
}

}  // namespace
}  // namespace dnsd
