#include "dnsd/config/cookie_secrets.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

std::string defects(std::string_view text) {
  Diagnostics diagnostics;
  EXPECT_TRUE(parse_cookie_secrets(text, "secrets", diagnostics).empty());
  return to_text(diagnostics);
}

TEST(CookieSecrets, OneALine) {
  Diagnostics diagnostics;
  const auto secrets = parse_cookie_secrets("# ours\n\n  000102030405060708090a0B0C0D0E0F  # in use\r\n"
                                            "ffffffffffffffffffffffffffffffff", "secrets", diagnostics);
  EXPECT_EQ(to_text(diagnostics), "");
  ASSERT_EQ(secrets.size(), 2u);
  EXPECT_EQ(secrets[0], (std::array<uint8_t, 16>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}));
  EXPECT_EQ(secrets[1][15], 0xff);
}

TEST(CookieSecrets, DefectsAreToldWithoutTheSecret) {
  EXPECT_EQ(defects("00\n000102030405060708090a0b0c0d0e0g\n"),
            "secrets:1: error: not a cookie secret: 32 hexadecimal digits (`openssl rand -hex 16`)\n"
            "secrets:2: error: not a cookie secret: 32 hexadecimal digits (`openssl rand -hex 16`)\n");
  EXPECT_EQ(defects("# none\n"), "secrets: error: 0 cookie secrets; there must be 1 to 3, a line each\n");
  std::string four;
  for (int i = 0; i < 4; ++i) four += "000102030405060708090a0b0c0d0e0f\n";
  EXPECT_EQ(defects(four), "secrets: error: 4 cookie secrets; there must be 1 to 3, a line each\n");
}

}  // namespace
}  // namespace dnsd
