#include "zones/rdata_check.h"

#include <gtest/gtest.h>

#include "zone_text.h"
#include "zones/rdata_text.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

// What is wrong with RDATA written as text, after "TYPE: "; empty if nothing.
std::string defect(uint16_t type, std::string_view text) {
  const auto rdata = rdata_from_text(type, text, NameView());
  if (rdata) return "";
  const std::string& message = rdata.failure().message;
  return message.substr(message.find(": ") + 2);
}

TEST(RdataCheck, DigestsHaveTheLengthOfTheirType) {
  EXPECT_EQ(defect(rr_type::DS, "1 8 1 " + std::string(40, 'a')), "");
  EXPECT_EQ(defect(rr_type::DS, "1 8 2 " + std::string(64, 'a')), "");
  EXPECT_EQ(defect(rr_type::DS, "1 8 4 " + std::string(96, 'a')), "");
  EXPECT_EQ(defect(rr_type::DS, "1 8 99 aa"), "");
  EXPECT_EQ(defect(rr_type::DS, "1 8 4 " + std::string(64, 'a')), "a digest of type 4 has 48 octets, this one 32");
  EXPECT_EQ(defect(44, "1 1 " + std::string(40, 'a')), "");
  EXPECT_EQ(defect(44, "1 2 " + std::string(40, 'a')), "a fingerprint of type 2 has 32 octets, this one 20");
}

TEST(RdataCheck, LocationsAreOnEarth) {
  EXPECT_EQ(defect(29, "90 0 0 N 180 0 0 W 0m"), "");
  EXPECT_EQ(defect(29, "90 0 1 S 0 0 0 W 0m"), "a latitude beyond 90 degrees");
  EXPECT_EQ(defect(29, "0 0 0 N 180 0 1 E 0m"), "a longitude beyond 180 degrees");
}

TEST(RdataCheck, CaaTagsAreLettersAndDigits) {
  EXPECT_EQ(defect(257, "0 issuewild x"), "");
  EXPECT_NE(defect(257, "0 is-sue x"), "");
  EXPECT_EQ(defect(257, "\\# 5 00 03 612d62"), "a tag holds letters and digits only");
}

// The failure cases of RFC 9460 appendix D.3, and more.
TEST(RdataCheck, ServiceParametersAreThoseOfRfc9460) {
  const auto svcb = [](std::string_view text) { return defect(rr_type::SVCB, text); };
  EXPECT_EQ(svcb("1 foo.example.com. key123=abc key123=def"), "key123 a second time");
  EXPECT_EQ(svcb("1 foo.example.com. mandatory"), "a malformed or missing value of mandatory");
  EXPECT_EQ(svcb("1 foo.example.com. alpn"), "a malformed or missing value of alpn");
  EXPECT_EQ(svcb("1 foo.example.com. port"), "a malformed or missing value of port");
  EXPECT_EQ(svcb("1 foo.example.com. ipv4hint"), "a malformed or missing value of ipv4hint");
  EXPECT_EQ(svcb("1 foo.example.com. ipv6hint"), "a malformed or missing value of ipv6hint");
  EXPECT_EQ(svcb("1 foo.example.com. no-default-alpn=abc"), "a malformed or missing value of no-default-alpn");
  EXPECT_EQ(svcb("1 foo.example.com. mandatory=key123"), "mandatory lists key123, which is not there");
  EXPECT_EQ(svcb("1 foo.example.com. mandatory=mandatory"), "mandatory lists itself");
  EXPECT_EQ(svcb("1 foo.example.com. mandatory=key123,key123 key123=abc"), "a malformed or missing value of mandatory");
  EXPECT_EQ(svcb("1 foo.example.com. no-default-alpn"), "no-default-alpn without alpn");
  EXPECT_EQ(svcb("1 foo.example.com. port=65536"), "a malformed or missing value of port");
  EXPECT_NE(svcb("1 foo.example.com. port=\"http\""), "");
  EXPECT_NE(svcb("1 foo.example.com. \"alpn=h2\""), "");
  EXPECT_EQ(svcb("1 foo.example.com. nonsense=1"), "'nonsense=1' is not a parameter; write key=\"value\"");
}

TEST(RdataCheck, TypeBitmapsAreWindowsInOrder) {
  for (const char* bad : {"\\# 3 00 0000", "\\# 4 00 000200", "\\# 7 00 0101ff 0001ff", "\\# 2 00 00"}) {
    const auto rdata = rdata_from_text(rr_type::NSEC, bad, NameView());
    EXPECT_FALSE(rdata) << bad;
  }
  EXPECT_EQ(defect(rr_type::NSEC, "\\# 4 00 000140"), "");
  EXPECT_EQ(rdata_defect(62, std::vector<uint8_t>{0, 0, 0, 1, 0, 0, 0, 0}), "a malformed list of types");
  EXPECT_EQ(rdata_defect(rr_type::NSEC3, std::vector<uint8_t>{1, 0, 0, 0, 9}), "it is cut short");
}

// The success cases of RFC 9460 appendix D.1 and D.2.
TEST(RdataCheck, TheVectorsOfRfc9460AreRead) {
  const std::pair<const char*, const char*> vectors[] = {
      {"0 foo.example.com.", "0000 03666f6f 07657861 6d706c65 03636f6d 00"},
      {"1 .", "0001 00"},
      {"16 foo.example.com. port=53", "0010 03666f6f 076578616d706c6503636f6d00 0003 0002 0035"},
      {"1 foo.example.com. key667=hello", "0001 03666f6f 076578616d706c6503636f6d00 029b 0005 68656c6c6f"},
      {"1 foo.example.com. key667=\"hello\\210qoo\"", "0001 03666f6f 076578616d706c6503636f6d00 029b 0009 68656c6c6fd2716f6f"},
      {"1 foo.example.com. ipv6hint=\"2001:db8::1,2001:db8::53:1\"",
       "0001 03666f6f 076578616d706c6503636f6d00 0006 0020 20010db8000000000000000000000001 20010db8000000000000000000530001"},
      {"16 foo.example.org. alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1",
       "0010 03666f6f 076578616d706c65036f726700 0000 0004 0001 0004 0001 0009 02 6832 05 68332d3139 0004 0004 c0000201"},
      {"16 foo.example.org. alpn=\"f\\\\\\\\oo\\\\,bar,h2\"",
       "0010 03666f6f 076578616d706c65036f726700 0001 000c 08 665c6f6f2c626172 02 6832"},
      {"16 foo.example.org. alpn=f\\\\\\092oo\\092,bar,h2",
       "0010 03666f6f 076578616d706c65036f726700 0001 000c 08 665c6f6f2c626172 02 6832"},
  };
  for (const auto& [text, hex] : vectors) {
    const auto rdata = rdata_from_text(rr_type::SVCB, text, NameView());
    ASSERT_TRUE(rdata) << text << ": " << rdata.failure().message;
    std::string digits;
    for (const char c : std::string(hex))
      if (c != ' ') digits += c;
    const auto octets = rdata_from_text(65280, "\\# " + std::to_string(digits.size() / 2) + " " + digits, NameView());
    ASSERT_TRUE(octets) << hex;
    EXPECT_EQ(*rdata, *octets) << text;
  }
}

TEST(RdataCheck, ParametersThatCameAsOctetsAreCheckedToo) {
  EXPECT_EQ(rdata_defect(rr_type::HTTPS, std::vector<uint8_t>{0, 1, 0, 0, 3, 0, 2, 0, 53}), "");
  EXPECT_EQ(rdata_defect(rr_type::HTTPS, std::vector<uint8_t>{0, 1, 0, 0, 3, 0, 2, 0}), "a parameter that is cut short");
  EXPECT_EQ(rdata_defect(rr_type::HTTPS, std::vector<uint8_t>{0, 1, 0, 0, 1, 0, 2, 9, 53}), "a malformed or missing value of alpn");
  EXPECT_EQ(rdata_defect(rr_type::HTTPS, std::vector<uint8_t>{0, 1, 0, 255, 255, 0, 0}), "key65535 is reserved");
}

}  // namespace
}  // namespace dnsd
