#include "zones/ttl_text.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

TEST(TtlText, IsANumberOrHasUnits) {
  const std::pair<const char*, uint32_t> good[] = {
      {"0", 0},       {"300", 300},         {"0300", 300},          {"1h30m", 5400},
      {"1W", 604800}, {"2d3h4m5s", 183845}, {"2147483647", max_ttl}};
  for (const auto& [text, seconds] : good) {
    ASSERT_TRUE(parse_ttl(text)) << text;
    EXPECT_EQ(*parse_ttl(text), seconds) << text;
  }
  for (const char* bad : {"", "h", "1h30", "1x", "-1", "+1", "1 ", "1.5h", "hh", "1hh"})
    EXPECT_FALSE(parse_ttl(bad)) << bad;
}

TEST(TtlText, IsAtMost31Bits) {
  for (const char* huge : {"2147483648", "4294967296", "99999999999999999999999", "3551w", "9999999999999999999w"}) {
    ASSERT_FALSE(parse_ttl(huge)) << huge;
    EXPECT_EQ(parse_ttl(huge).failure().message, "a TTL above 2147483647 (RFC 2181 section 8)");
  }
}

}  // namespace
}  // namespace dnsd
