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

TEST(AcceptsGzip, OnlyWhereAsked) {
  for (const char* field : {"gzip", "GZIP", "x-gzip", "deflate, gzip;q=0.5", "gzip;q=1.0", "*", "br;q=1.0, *;q=0.1",
                            "gzip ; q=0.001", "*;q=0, gzip"})
    EXPECT_TRUE(accepts_gzip(field)) << field;
  for (const char* field :
       {"", "identity", "deflate", "gzip;q=0", "gzip;q=0.000", "gzip ; Q=0", "*;q=0", "*, gzip;q=0", "gzipped", ","})
    EXPECT_FALSE(accepts_gzip(field)) << field;
}

}  // namespace
}  // namespace dnsd
