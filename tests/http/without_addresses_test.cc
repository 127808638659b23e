#include "dnsd/http/without_addresses.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

TEST(WithoutAddresses, MasksThem) {
  EXPECT_EQ(without_addresses("192.0.2.1 is in two pools"), "[address] is in two pools");
  EXPECT_EQ(without_addresses("prefix 192.0.2.0/24, and 2001:db8::1."), "prefix [address]/24, and [address]");
  EXPECT_EQ(without_addresses("[2001:db8:0:0:0:0:0:1]:53"), "[[address]]:53");
  EXPECT_EQ(without_addresses("::"), "[address]");
  EXPECT_EQ(without_addresses("::ffff:192.0.2.1"), "[address]");
  EXPECT_EQ(without_addresses("x1.2.3.4y"), "x[address]y");
  EXPECT_EQ(without_addresses("1.2.3.4.5"), "[address]");
}

TEST(WithoutAddresses, ControlCharactersMakeNoDigitsInJson) {
  using namespace std::string_literals;
  EXPECT_EQ(without_addresses("a\0.0.2.1 \x01\t\n"s), "a?.0.2.1 ?\t\n");
}

TEST(WithoutAddresses, LeavesTheRest) {
  for (const char* text : {"", "zones/api.example.com.zone:12:14: error", "2026-11-21T12:00:00Z", "version 1.2.3",
                           "at 12:00:00", "3...4...5...6", "bad: cafe"})
    EXPECT_EQ(without_addresses(text), text);
}

}  // namespace
}  // namespace dnsd
