#include "zones/loc_text.h"

#include <gtest/gtest.h>

#include "zones/rdata_text.h"

namespace dnsd {
namespace {

constexpr uint16_t LOC = 29;

// The location written again, or "! " and what is wrong with it.
std::string again(std::string_view text) {
  const auto rdata = rdata_from_text(LOC, text, NameView());
  if (!rdata) return "! " + std::to_string(rdata.failure().offset) + " " + rdata.failure().message;
  EXPECT_EQ(rdata->size(), 16u);
  return rdata_to_text(LOC, *rdata);
}

TEST(LocText, AllFormsOfRfc1876) {
  EXPECT_EQ(again("42 21 54 N 71 06 18 W -24m 30m"), "42 21 54.000 N 71 6 18.000 W -24.00m 30m 10000m 10m");
  EXPECT_EQ(again("42 21 43.952 N 71 5 6.344 W -24m 1m 200m"), "42 21 43.952 N 71 5 6.344 W -24.00m 1m 200m 10m");
  EXPECT_EQ(again("52 14 05 N 00 08 50 E 10m"), "52 14 5.000 N 0 8 50.000 E 10.00m 1m 10000m 10m");
  EXPECT_EQ(again("32 7 19 S 116 2 25 E 10m"), "32 7 19.000 S 116 2 25.000 E 10.00m 1m 10000m 10m");
  EXPECT_EQ(again("42 n 71 w 0"), "42 0 0.000 N 71 0 0.000 W 0.00m 1m 10000m 10m");
  EXPECT_EQ(again("42 21 N 71 6 W 1.5"), "42 21 0.000 N 71 6 0.000 W 1.50m 1m 10000m 10m");
  EXPECT_EQ(again("0 0 0.001 S 0 0 0.1 W 0.05M 0.05 0 0.1m"), "0 0 0.001 S 0 0 0.100 W 0.05m 0.05m 0m 0.10m");
}

TEST(LocText, LimitsAreInside) {
  EXPECT_EQ(again("90 N 180 E -100000.00m 0m 90000000.00m 90000000m"),
            "90 0 0.000 N 180 0 0.000 E -100000.00m 0m 90000000m 90000000m");
  EXPECT_EQ(again("90 S 180 W 42849672.95m"), "90 0 0.000 S 180 0 0.000 W 42849672.95m 1m 10000m 10m");
}

TEST(LocText, OutOfRangeIsRefused) {
  EXPECT_EQ(again("91 N 0 E 0"), "! 0 LOC: '91' is no degrees of a latitude");
  EXPECT_EQ(again("90 0 0.001 N 0 E 0"), "! 0 LOC: a latitude beyond 90 degrees");
  EXPECT_EQ(again("0 60 N 0 E 0"), "! 2 LOC: '60' is no minutes of a latitude");
  EXPECT_EQ(again("0 0 60 N 0 E 0"), "! 4 LOC: '60' is no seconds of a latitude");
  EXPECT_EQ(again("0 0 0.0001 N 0 E 0"), "! 4 LOC: '0.0001' is no seconds of a latitude");
  EXPECT_EQ(again("0 0 0 E 0 E 0"), "! 6 LOC: 'E' is neither N nor S");
  EXPECT_EQ(again("0 N 181 W 0"), "! 4 LOC: '181' is no degrees of a longitude");
  EXPECT_EQ(again("0 N"), "! 3 LOC: the longitude is not complete");
  EXPECT_EQ(again("0 N 0 E"), "! 7 LOC: the altitude is missing");
  EXPECT_EQ(again("0 N 0 E -100000.01m"), "! 8 LOC: '-100000.01m' is no altitude from -100000.00m to 42849672.95m");
  EXPECT_EQ(again("0 N 0 E 42849672.96m"), "! 8 LOC: '42849672.96m' is no altitude from -100000.00m to 42849672.95m");
  EXPECT_EQ(again("0 N 0 E 0 90000000.01m"), "! 10 LOC: '90000000.01m' is no size or precision up to 90000000m");
  EXPECT_EQ(again("0 N 0 E 0 -1"), "! 10 LOC: '-1' is no size or precision up to 90000000m");
  EXPECT_EQ(again("0 N 0 E 0 1 1 1 1"), "! 16 LOC: '1' is too much; there is no such field");
  for (const char* bad : {"0. N 0 E 0", "N 0 E 0", ".5 N 0 E 0", "0 N 0 E m", "0 N 0 E 1.m", "0 N 0 E .5"})
    EXPECT_TRUE(again(bad).starts_with("! ")) << bad;
}

TEST(LocText, SizesKeepTheirFirstDigit) {
  EXPECT_EQ(again("0 N 0 E 0 25m 1234.56m 99"), "0 0 0.000 N 0 0 0.000 E 0.00m 20m 1000m 90m");
}

TEST(LocText, OctetsThatNoTextGives) {
  EXPECT_EQ(again("\\# 16 00 01 16 13 80000000 80000000 00989680"), "! 0 LOC: a size or precision out of range");
  EXPECT_EQ(again("\\# 16 00 a1 16 13 80000000 80000000 00989680"), "! 0 LOC: a size or precision out of range");
  EXPECT_EQ(again("\\# 16 01 12 16 13 80000000 80000000 00989680"), "! 0 LOC: a version other than 0");
  EXPECT_EQ(again("\\# 15 00 12 16 13 80000000 80000000 009896"), "! 0 these octets are no RDATA of LOC");
}

}  // namespace
}  // namespace dnsd
