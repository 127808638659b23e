#include "dnsd/http/negotiation.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

TEST(AcceptsType, WithoutAFieldEverything) {
  for (const char* field : {"", " ", ",", " , ,", "nothing", ";q=0", "\"", "q=0"})
    EXPECT_TRUE(accepts_type(field, "application/json")) << field;
}

TEST(AcceptsType, TheTypeOrARangeThatHoldsIt) {
  for (const char* field : {"application/json", "APPLICATION/JSON", "application/*", "*/*", "*", "text/html, */*;q=0.1",
                            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json;q=0.001",
                            "application/json; charset=utf-8", "text/html;q=0, application/*",
                            "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "application/json;q=abc",
                            "application/json;q=1.000", "text/plain;a=\"x,y;q=0\", application/json"})
    EXPECT_TRUE(accepts_type(field, "application/json")) << field;
  for (const char* field : {"text/html", "text/*", "application/xml", "application/jso", "application/json5", "json/*",
                            "application/json;q=0", "*/*;q=0", "application/json;q=0.000", "text/html;q=1, image/*",
                            "application/json;Q=0", "application/json ; q=0 ; x=1"})
    EXPECT_FALSE(accepts_type(field, "application/json")) << field;
}

TEST(AcceptsType, TheMostSpecificRangeDecides) {
  EXPECT_FALSE(accepts_type("*/*, application/json;q=0", "application/json"));
  EXPECT_FALSE(accepts_type("application/json;q=0, */*", "application/json"));
  EXPECT_FALSE(accepts_type("*/*, application/*;q=0", "application/json"));
  EXPECT_TRUE(accepts_type("application/*;q=0, application/json;q=0.1", "application/json"));
  EXPECT_TRUE(accepts_type("*/*;q=0, application/*", "application/json"));
}

TEST(AcceptsType, ParametersOfTheTypeDoNotMatter) {
  EXPECT_TRUE(accepts_type("text/html", "text/html; charset=utf-8"));
  EXPECT_TRUE(accepts_type("text/html;level=1;q=0, text/html", "text/html; charset=utf-8"));
  EXPECT_FALSE(accepts_type("text/plain", "text/html; charset=utf-8"));
}

TEST(AcceptsType, AQuoteThatNeverEndsSwallowsTheRest) {
  EXPECT_TRUE(accepts_type("application/json;a=\"", "application/json"));
  EXPECT_FALSE(accepts_type("text/html;a=\", application/json", "application/json"));
  EXPECT_TRUE(accepts_type("text/html;a=\"\\\"\", application/json", "application/json"));
  EXPECT_FALSE(accepts_type("text/html;a=\"\\", "application/json"));
}

TEST(ChooseCoding, GzipOnlyWhereAsked) {
  for (const char* field : {"gzip", "GZIP", "x-gzip", "deflate, gzip;q=0.5", "gzip;q=1.0", "*", "br;q=1.0, *;q=0.1",
                            "gzip ; q=0.001", "*;q=0, gzip", "identity;q=0.5, gzip", "gzip, deflate, br, zstd",
                            "identity;q=0, gzip;q=0.1", "identity;q=0, *"})
    EXPECT_EQ(choose_coding(field, true), Coding::gzip) << field;
  for (const char* field : {"", "identity", "deflate", "gzip;q=0", "gzip;q=0.000", "gzip ; Q=0", "*, gzip;q=0", "gzipped",
                            ",", "identity, gzip;q=0.5", "*;q=0.9, gzip;q=0.1", "gzip;q=0, gzip"})
    EXPECT_EQ(choose_coding(field, true), Coding::identity) << field;
}

TEST(ChooseCoding, WithoutGzipIdentityUnlessItIsRefused) {
  for (const char* field : {"", "gzip", "*", "br", "identity;q=0.001", "*;q=0, identity", "gzip;q=0"})
    EXPECT_EQ(choose_coding(field, false), Coding::identity) << field;
  for (const char* field : {"identity;q=0", "*;q=0", "gzip, identity;q=0", "identity;q=0, *"})
    EXPECT_EQ(choose_coding(field, false), Coding::none) << field;
}

TEST(ChooseCoding, AllRefused) {
  for (const char* field : {"*;q=0", "identity;q=0", "identity;q=0.0, gzip;q=0", "br, identity;q=0"})
    EXPECT_EQ(choose_coding(field, true), Coding::none) << field;
}

}  // namespace
}  // namespace dnsd
