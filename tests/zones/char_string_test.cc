#include "zones/char_string.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

std::string unescaped(std::string_view text) {
  std::vector<uint8_t> octets;
  const Status done = unescape_string({text, 10, true}, octets);
  return done ? std::string(octets.begin(), octets.end()) : "! " + std::to_string(done.failure().offset);
}

TEST(CharString, EscapesAreUndone) {
  EXPECT_EQ(unescaped("a\\b\\\\\\\"\\065\\255"), "ab\\\"A\xff");
  EXPECT_EQ(unescaped(""), "");
  EXPECT_EQ(unescaped("ab\\"), "! 13");
  EXPECT_EQ(unescaped("\\25"), "! 11");
  EXPECT_EQ(unescaped("\\25x"), "! 11");
  EXPECT_EQ(unescaped("\\256"), "! 11");
}

TEST(CharString, OctetsAreQuotedOrEscaped) {
  const std::vector<uint8_t> octets = {'a', ' ', '"', '\\', ';', '(', 0, 0x7f};
  std::string quoted = "x";
  append_quoted(octets, quoted);
  EXPECT_EQ(quoted, "x\"a \\\"\\\\;(\\000\\127\"");
  EXPECT_EQ(escaped_word(octets), "a\\032\\\"\\\\\\;\\(\\000\\127");
}

}  // namespace
}  // namespace dnsd
