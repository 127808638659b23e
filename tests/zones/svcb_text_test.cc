#include "zones/svcb_text.h"

#include <gtest/gtest.h>

#include "zones/rdata_text.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

// The failure cases of RFC 9460 appendix D.3, and more.
TEST(SvcbText, ServiceParametersAreThoseOfRfc9460) {
  const auto svcb = [](std::string_view text) {
    const auto rdata = rdata_from_text(rr_type::SVCB, text, NameView());
    return rdata ? "" : rdata.failure().message.substr(6);
  };
  EXPECT_EQ(svcb("1 foo.example.com. key123=abc key123=def"), "key123 a second time");
  EXPECT_EQ(svcb("1 foo.example.com. mandatory"), "a malformed or missing value of mandatory");
  EXPECT_EQ(svcb("1 foo.example.com. alpn"), "a malformed or missing value of alpn");
  EXPECT_EQ(svcb("1 foo.example.com. port"), "a malformed or missing value of port");
  EXPECT_EQ(svcb("1 foo.example.com. ipv4hint"), "a malformed or missing value of ipv4hint");
  EXPECT_EQ(svcb("1 foo.example.com. ipv6hint"), "a malformed or missing value of ipv6hint");
  EXPECT_EQ(svcb("1 foo.example.com. no-default-alpn=abc"), "a malformed or missing value of no-default-alpn");
  EXPECT_EQ(svcb("1 foo.example.com. mandatory=key123"), "mandatory lists key123, which is not there");
  EXPECT_EQ(svcb("1 foo.example.com. mandatory=mandatory"), "mandatory lists itself");
  EXPECT_EQ(svcb("1 foo.example.com. mandatory=key123,key123 key123=abc"),
            "a malformed or missing value of mandatory");
  EXPECT_EQ(svcb("1 foo.example.com. no-default-alpn"), "no-default-alpn without alpn");
  EXPECT_EQ(svcb("1 foo.example.com. port=65536"), "a malformed or missing value of port");
  EXPECT_NE(svcb("1 foo.example.com. port=\"http\""), "");
  EXPECT_NE(svcb("1 foo.example.com. \"alpn=h2\""), "");
  EXPECT_EQ(svcb("1 foo.example.com. nonsense=1"), "'nonsense=1' is not a parameter; write key=\"value\"");
}

// The success cases of RFC 9460 appendix D.1 and D.2.
TEST(SvcbText, TheVectorsOfRfc9460AreRead) {
  const std::string foo = "03666f6f 076578616d706c6503636f6d00 ";
  const std::string foo_org = "03666f6f 076578616d706c65036f726700 ";
  const std::pair<const char*, std::string> vectors[] = {
      {"0 foo.example.com.", "0000" + foo},
      {"1 .", "0001 00"},
      {"16 foo.example.com. port=53", "0010" + foo + "0003 0002 0035"},
      {"1 foo.example.com. key667=hello", "0001" + foo + "029b 0005 68656c6c6f"},
      {"1 foo.example.com. key667=\"hello\\210qoo\"", "0001" + foo + "029b 0009 68656c6c6fd2716f6f"},
      {"1 foo.example.com. ipv6hint=\"2001:db8::1,2001:db8::53:1\"",
       "0001" + foo +
           "0006 0020"
           "20010db8000000000000000000000001 20010db8000000000000000000530001"},
      {"1 example.com. ipv6hint=\"2001:db8:122:344::192.0.2.33\"",
       "0001 076578616d706c6503636f6d00 0006 0010 20010db80122034400000000c0000221"},
      {"16 foo.example.org. alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1",
       "0010" + foo_org + "0000 0004 0001 0004 0001 0009 02 6832 05 68332d3139 0004 0004 c0000201"},
      {"16 foo.example.org. alpn=\"f\\\\\\\\oo\\\\,bar,h2\"",
       "0010" + foo_org + "0001 000c 08 665c6f6f2c626172 02 6832"},
      {"16 foo.example.org. alpn=f\\\\\\092oo\\092,bar,h2",
       "0010" + foo_org + "0001 000c 08 665c6f6f2c626172 02 6832"},
  };
  for (const auto& [text, hex] : vectors) {
    const auto rdata = rdata_from_text(rr_type::SVCB, text, NameView());
    ASSERT_TRUE(rdata) << text << ": " << rdata.failure().message;
    std::string digits;
    for (const char c : hex)
      if (c != ' ') digits += c;
    const auto octets = rdata_from_text(65280, "\\# " + std::to_string(digits.size() / 2) + " " + digits, NameView());
    ASSERT_TRUE(octets) << hex;
    EXPECT_EQ(*rdata, *octets) << text;
  }
}

// What the RDATA reads like when written again.
std::string again(std::string_view text) {
  const auto rdata = rdata_from_text(rr_type::HTTPS, text, NameView());
  return rdata ? rdata_to_text(rr_type::HTTPS, *rdata) : rdata.failure().message;
}

TEST(SvcbText, KeysAreSortedAndValuesInTheirOwnForm) {
  EXPECT_EQ(again("1 . ipv6hint=2001:DB8:0::1 port=\"8443\" alpn=\"h2,h3\" mandatory=port,alpn ech=AQID ohttp"),
            "1 . mandatory=alpn,port alpn=h2,h3 port=8443 ech=AQID ipv6hint=2001:db8::1 ohttp");
  EXPECT_EQ(again("1 . dohpath=/dns-query{?dns} key65000"), "1 . dohpath=/dns-query{?dns} key65000");
  EXPECT_EQ(again("1 . KEY3=\\000\\053 key1=\\002h2"), "1 . alpn=h2 port=53");
}

TEST(SvcbText, EscapesSurvive) {
  EXPECT_EQ(again("1 . alpn=\"a\\\\,b,c\\\\\\\\d\""), "1 . alpn=a\\\\,b,c\\\\\\\\d");
  EXPECT_EQ(again("1 . key700=\"a b;(\\\"\\000\""), "1 . key700=a\\032b\\;\\(\\\"\\000");
}

TEST(SvcbText, KeysOfLaterDocuments) {
  EXPECT_EQ(again("1 . alpn=h2 dohpath=/q{?dns} ohttp tls-supported-groups=\"29,4588\""),
            "1 . alpn=h2 dohpath=/q{?dns} ohttp tls-supported-groups=29,4588");
  EXPECT_EQ(again("1 . key8 key9=\\000\\029"), "1 . ohttp tls-supported-groups=29");
  EXPECT_EQ(again("1 . dohpath=/q{?x,dns}{&y}"), "1 . dohpath=/q{?x,dns}{&y}");
  EXPECT_EQ(again("1 . dohpath=/q"), "HTTPS: a malformed or missing value of dohpath");
  for (const char* bad : {"dohpath", "dohpath=q{?dns}", "dohpath=/q{?dnsx}", "dohpath=/q{?dns", "dohpath=/q{}",
                          "ohttp=1", "key8=x", "tls-supported-groups", "tls-supported-groups=29,",
                          "tls-supported-groups=29,29", "tls-supported-groups=65536", "key9=\\000", "key65535=x"})
    EXPECT_FALSE(rdata_from_text(rr_type::SVCB, std::string("1 . ") + bad, NameView())) << bad;
}

// Octets are held to the same as text.
TEST(SvcbText, OctetsInTheWrongOrderAreRefused) {
  for (const char* bad :
       {"\\# 12 0001 00 0003 0002 0035 0001 00", "\\# 15 0001 00 0003 0002 0035 0003 0002 0035",
        "\\# 15 0001 00 0003 0002 0035 0001 0002 0178", "\\# 9 0001 00 0003 0003 0035", "\\# 5 0001 00 0001",
        "\\# 1 00", "\\# 4 0001 c00c", "\\# 17 0001 00 0000 0004 0003 0001 0001 0002 0178"})
    EXPECT_FALSE(rdata_from_text(rr_type::SVCB, bad, NameView())) << bad;
}

TEST(SvcbText, MalformedValuesAreRefused) {
  for (const char* bad :
       {"alpn=,", "alpn=h2,,h3", "port=-1", "port=", "ipv4hint=192.0.2", "ipv4hint=2001:db8::1", "ech=A",
        "ech=AB==", "mandatory=foo", "key=1", "key65536=1", "=1", "keyx", "alpn =h2", "port=1 \"x\"", "key9=\\256"})
    EXPECT_FALSE(rdata_from_text(rr_type::SVCB, std::string("1 . ") + bad, NameView())) << bad;
}

}  // namespace
}  // namespace dnsd
