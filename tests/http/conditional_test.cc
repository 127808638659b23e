#include "dnsd/http/conditional.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

TEST(IfNoneMatch, FindsTheTagInAList) {
  EXPECT_TRUE(if_none_match("\"x\"", "\"x\""));
  EXPECT_TRUE(if_none_match("\"a\", \"x\"", "\"x\""));
  EXPECT_TRUE(if_none_match("\"a\",\"b\" ,\t\"x\"", "\"x\""));
  EXPECT_TRUE(if_none_match("\"a\",, ,\"x\"", "\"x\""));  // empty elements (RFC 9110 5.6.1.2)
  EXPECT_TRUE(if_none_match(", \"x\"", "\"x\""));
  EXPECT_TRUE(if_none_match("  \"x\"  ", "\"x\""));
}

TEST(IfNoneMatch, ComparesWeakly) {
  EXPECT_TRUE(if_none_match("W/\"x\"", "\"x\""));
  EXPECT_TRUE(if_none_match("W/\"a\", W/\"x\"", "\"x\""));
}

TEST(IfNoneMatch, StarMatchesWhateverThereIs) { EXPECT_TRUE(if_none_match("*", "\"x\"")); }

TEST(IfNoneMatch, OtherTagsAndNoTagsDoNot) {
  for (const char* field : {"", "\"y\"", "x", "\"x", "x\"", "w/\"x\"", "\"\"", "W/", "**", "\"xx\"", "\"a,\"x\""})
    EXPECT_FALSE(if_none_match(field, "\"x\"")) << field;
}

TEST(IfNoneMatch, ACommaInATagDoesNotEndIt) { EXPECT_TRUE(if_none_match("\"a,b\", \"x\"", "\"x\"")); }

}  // namespace
}  // namespace dnsd
