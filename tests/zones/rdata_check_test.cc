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

TEST(RdataCheck, TypeBitmapsAreWindowsInOrder) {
  for (const char* bad : {"\\# 3 00 0000", "\\# 4 00 000200", "\\# 7 00 0101ff 0001ff", "\\# 2 00 00"}) {
    const auto rdata = rdata_from_text(rr_type::NSEC, bad, NameView());
    EXPECT_FALSE(rdata) << bad;
  }
  EXPECT_EQ(defect(rr_type::NSEC, "\\# 4 00 000140"), "");
  for (const char* bad : {"\\# 8 00000001 0000 0000", "\\# 5 00000001 00", "\\# 9 00000001 0000 0001 00"})
    EXPECT_FALSE(rdata_from_text(62, bad, NameView())) << bad;
  for (const char* bad : {"\\# 5 01 00 0000 09", "\\# 6 01 00 0000 00 00", "\\# 8 01 00 0000 00 01 aa 00"})
    EXPECT_FALSE(rdata_from_text(rr_type::NSEC3, bad, NameView())) << bad;
}

TEST(RdataCheck, ParametersThatCameAsOctetsAreCheckedToo) {
  EXPECT_EQ(rdata_defect(rr_type::HTTPS, std::vector<uint8_t>{0, 1, 0, 0, 3, 0, 2, 0, 53}), "");
  EXPECT_EQ(rdata_defect(rr_type::HTTPS, std::vector<uint8_t>{0, 1, 0, 0, 3, 0, 2, 0}),
            "a parameter that is cut short");
  EXPECT_EQ(rdata_defect(rr_type::HTTPS, std::vector<uint8_t>{0, 1, 0, 0, 1, 0, 2, 9, 53}),
            "a malformed or missing value of alpn");
  EXPECT_EQ(rdata_defect(rr_type::HTTPS, std::vector<uint8_t>{0, 1, 0, 255, 255, 0, 0}), "key65535 is reserved");
}

}  // namespace
}  // namespace dnsd
