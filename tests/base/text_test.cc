#include "base/text.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

TEST(ParseDecimal, ReadsDigitsOnly) {
  EXPECT_EQ(parse_decimal("0"), 0u);
  EXPECT_EQ(parse_decimal("42"), 42u);
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "1.0", "0x10", "1e3", "a"}) {
    EXPECT_EQ(parse_decimal(text), std::nullopt) << text;
  }
}

TEST(ParseDecimal, RefusesLeadingZeros) {
  EXPECT_EQ(parse_decimal("010"), std::nullopt);
  EXPECT_EQ(parse_decimal("00"), std::nullopt);
}

TEST(ParseDecimal, KeepsTheBound) {
  EXPECT_EQ(parse_decimal("65535", 65535), 65535u);
  EXPECT_EQ(parse_decimal("65536", 65535), std::nullopt);
  EXPECT_EQ(parse_decimal("0", 0), 0u);
  EXPECT_EQ(parse_decimal("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(parse_decimal("18446744073709551616"), std::nullopt);
  EXPECT_EQ(parse_decimal("18446744073709551620"), std::nullopt);
  EXPECT_EQ(parse_decimal("99999999999999999999999"), std::nullopt);
}

TEST(Printable, EscapesWhatATerminalMightObey) {
  EXPECT_EQ(printable("plain text 'quoted'"), "plain text 'quoted'");
  EXPECT_EQ(printable("a\tb\n\x1b[31m\x7f"), "a\\x09b\\x0a\\x1b[31m\\x7f");
  EXPECT_EQ(printable("\xc3\xa9"), "\\xc3\\xa9");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

TEST(Printable, CutsLongText) {
  EXPECT_EQ(printable(std::string(100, 'a')), std::string(100, 'a'));
  EXPECT_EQ(printable(std::string(101, 'a')), std::string(100, 'a') + "…");
  EXPECT_EQ(printable(std::string(1 << 20, '\n')).size(), 400 + std::string_view("…").size());
}

TEST(Case, IsAsciiOnly) {
  EXPECT_EQ(ascii_lower("AZaz@[`{09\xc4"), "azaz@[`{09\xc4");
  EXPECT_EQ(ascii_upper("AZaz@[`{09\xe4"), "AZAZ@[`{09\xe4");
  EXPECT_EQ(ascii_lower(uint8_t{'Z'}), uint8_t{'z'});
  EXPECT_EQ(ascii_lower(uint8_t{0xda}), uint8_t{0xda});
}

TEST(Case, EqualIgnoringCase) {
  EXPECT_TRUE(equal_ignoring_case("", ""));
  EXPECT_TRUE(equal_ignoring_case("$Origin", "$ORIGIN"));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
  EXPECT_FALSE(equal_ignoring_case("ab", "a"));
  EXPECT_FALSE(equal_ignoring_case("@", "`"));  // differ in the bit that makes case
}

TEST(Closest, FindsSlipsOfTheFinger) {
  const std::vector<std::string_view> keys{"rotation", "members", "cap", "ttl"};
  EXPECT_EQ(closest("rotatoin", keys), "rotation");
  EXPECT_EQ(closest("member", keys), "members");
  EXPECT_EQ(closest("tll", keys), "ttl");
}

TEST(Closest, IsEmptyWhereNothingIsNear) {
  EXPECT_EQ(closest("weather", {"rotation", "cap"}), "");
  EXPECT_EQ(closest("cap", {}), "");
}

TEST(Counted, OneIsSingular) {
  EXPECT_EQ(counted(0, "error"), "0 errors");
  EXPECT_EQ(counted(1, "error"), "1 error");
  EXPECT_EQ(counted(2, "error"), "2 errors");
}

TEST(Closest, TheFirstOfEqualOnesWins) { EXPECT_EQ(closest("cat", {"car", "cap"}), "car"); }

}  // namespace
}  // namespace dnsd
