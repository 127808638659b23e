// What ldns's own reader of zone files does to a file, each seen with version 1.8.3; ours does none of it.
#include <gtest/gtest.h>

#include "zone_text.h"
#include "zones/rdata_text.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

TEST(LdnsTraps, ASecondSoaIsADefectAndNoUseAfterFree) {
  EXPECT_EQ(records_of("@ 300 SOA ns2 hostmaster 2 7200 3600 1209600 300\n"),
            "test.zone:4:1: error: a second SOA of example.com., the first is in line 1; a zone has one\n"
            "@ 300 SOA ns2 hostmaster 2 7200 3600 1209600 300\n"
            "^\n");
}

TEST(LdnsTraps, AnUnclosedParenthesisDoesNotSwallowTheRest) {
  EXPECT_EQ(records_of("a 60 A ( 192.0.2.2\n  ; more\nb 60 A 192.0.2\n"),
            "test.zone:4:8: error: '(' is never closed\n"
            "a 60 A ( 192.0.2.2\n"
            "       ^\n"
            "test.zone:6:8: error: A: the address '192.0.2' is not an IPv4 address\n"
            "b 60 A 192.0.2\n"
            "       ^\n");
}

TEST(LdnsTraps, ARelativeOriginIsRelative) {
  EXPECT_EQ(records_of("$ORIGIN sub\nwww 60 A 192.0.2.2\n"), "www.sub.example.com. 60 IN A 192.0.2.2\n");
}

TEST(LdnsTraps, ANameThatBeginsWithAtIsNotTheApex) {
  EXPECT_EQ(records_of("@foo 60 TXT x\nc 60 CNAME @foo\n"),
            "\\@foo.example.com. 60 IN TXT \"x\"\n"
            "c.example.com. 60 IN CNAME \\@foo.example.com.\n");
}

TEST(LdnsTraps, TtlZeroStaysZero) {
  EXPECT_EQ(records_of("$TTL 0\nwww A 192.0.2.2\n"), "www.example.com. 0 IN A 192.0.2.2\n");
}

TEST(LdnsTraps, TheClassMayComeBeforeTheTtl) {
  EXPECT_EQ(records_of("a IN 60 A 192.0.2.2\nb 60 IN A 192.0.2.2\n"),
            "a.example.com. 60 IN A 192.0.2.2\nb.example.com. 60 IN A 192.0.2.2\n");
}

TEST(LdnsTraps, IncludeIsRead) {
  EXPECT_EQ(records_of("$INCLUDE more\n", {{"more", "www 60 A 192.0.2.2\n"}}),
            "www.example.com. 60 IN A 192.0.2.2\n");
}

TEST(LdnsTraps, GenerateIsRead) {
  EXPECT_EQ(records_of("$GENERATE 2-3 h$ 60 A 192.0.2.$\n"),
            "h2.example.com. 60 IN A 192.0.2.2\nh3.example.com. 60 IN A 192.0.2.3\n");
}

TEST(LdnsTraps, BadHexIsRefused) {
  EXPECT_EQ(records_of("a 60 TLSA 3 1 1 abc\nb 60 TLSA 3 1 1 zz\nc 60 TYPE65280 \\# 2 0\n"),
            "test.zone:4:17: error: TLSA: the data has an odd number of hexadecimal digits\n"
            "a 60 TLSA 3 1 1 abc\n"
            "                ^\n"
            "test.zone:5:17: error: TLSA: the data 'zz' is not hexadecimal\n"
            "b 60 TLSA 3 1 1 zz\n"
            "                ^\n"
            "test.zone:6:21: error: an odd number of hexadecimal digits\n"
            "c 60 TYPE65280 \\# 2 0\n"
            "                    ^\n");
}

TEST(LdnsTraps, HugeTtlsAreRefused) {
  EXPECT_EQ(records_of("a 2147483647 A 192.0.2.2\nb 2147483648 A 192.0.2.2\nc 9999999999999w A 192.0.2.2\n"),
            "test.zone:5:3: error: a TTL above 2147483647 (RFC 2181 section 8)\n"
            "b 2147483648 A 192.0.2.2\n"
            "  ^\n"
            "test.zone:6:3: error: a TTL above 2147483647 (RFC 2181 section 8)\n"
            "c 9999999999999w A 192.0.2.2\n"
            "  ^\n");
}

TEST(LdnsTraps, NamesOutOfTheZoneAreRefused) {
  EXPECT_EQ(records_of("www.example.org. 60 A 192.0.2.2\n"),
            "test.zone:4:1: error: www.example.org. is not in the zone example.com.\n"
            "www.example.org. 60 A 192.0.2.2\n"
            "^\n");
}

TEST(LdnsTraps, DefectsHaveAColumn) {
  EXPECT_EQ(records_of("\twww\tIN\tAA\t192.0.2.2\n").substr(0, 15), "test.zone:4:2: ");
}

TEST(LdnsTraps, NumbersDoNotWrap) {
  EXPECT_FALSE(rdata_from_text(rr_type::MX, "65536 a.", NameView()));
  EXPECT_FALSE(rdata_from_text(rr_type::MX, "-1 a.", NameView()));
  EXPECT_FALSE(rdata_from_text(257, "256 issue x", NameView()));
  EXPECT_FALSE(rdata_from_text(rr_type::SVCB, "1 . port=65536", NameView()));
}

TEST(LdnsTraps, UnknownTypesInABitmapAreRefused) {
  EXPECT_FALSE(rdata_from_text(rr_type::NSEC, "a. A FOO", NameView()));
}

TEST(LdnsTraps, LatitudesBeyondThePolesAreRefused) {
  EXPECT_FALSE(rdata_from_text(29, "420 21 54 N 71 06 18 W -24m 30m", NameView()));
}

}  // namespace
}  // namespace dnsd
