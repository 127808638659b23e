#include "zones/base64.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

// The vectors of RFC 4648 10.
TEST(Base64, IsThatOfRfc4648) {
  const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : vectors) {
    const std::vector<uint8_t> octets(plain.begin(), plain.end());
    EXPECT_EQ(base64_text(octets), text);
    EXPECT_EQ(parse_base64(text), octets);
  }
  EXPECT_EQ(base64_text(std::vector<uint8_t>{0xfb, 0xff}), "+/8=");
}

TEST(Base64, RefusesWhatIsNotWholeOrNotCanonical) {
  for (const char* bad : {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm 9", "Zm9-"})
    EXPECT_FALSE(parse_base64(bad)) << bad;
}

}  // namespace
}  // namespace dnsd
