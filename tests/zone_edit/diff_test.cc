#include "tools/zone_edit/diff.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

TEST(UnifiedDiff, EqualTextsHaveNone) {
  EXPECT_EQ(unified_diff("f", "", ""), "");
  EXPECT_EQ(unified_diff("f", "a\nb\n", "a\nb\n"), "");
}

TEST(UnifiedDiff, OneLineChangedWithItsSurroundings) {
  EXPECT_EQ(unified_diff("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
            "--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(UnifiedDiff, ChangesFarApartAreHunksOfTheirOwn) {
  EXPECT_EQ(unified_diff("f", "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nb\nc\n"),
            "--- f\n+++ f\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -7,3 +7,4 @@\n 6\n 7\n b\n+c\n");
}

TEST(UnifiedDiff, ChangesNearEachOtherShareOne) {
  EXPECT_EQ(unified_diff("f", "a\n1\n2\nb\n", "1\n2\nb\nc\n"), "--- f\n+++ f\n@@ -1,4 +1,4 @@\n-a\n 1\n 2\n b\n+c\n");
}

TEST(UnifiedDiff, FromAndToNothing) {
  EXPECT_EQ(unified_diff("f", "", "a\n"), "--- f\n+++ f\n@@ -0,0 +1,1 @@\n+a\n");
  EXPECT_EQ(unified_diff("f", "a\n", ""), "--- f\n+++ f\n@@ -1,1 +0,0 @@\n-a\n");
}

TEST(UnifiedDiff, AMissingLastNewlineIsShown) {
  EXPECT_EQ(unified_diff("f", "a", "a\n"), "--- f\n+++ f\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n");
}

TEST(UnifiedDiff, MoreThanItLooksForIsOneChange) {
  std::string before;
  std::string after;
  for (int i = 0; i < 2000; ++i) {
    before += "b" + std::to_string(i) + "\n";
    after += "a" + std::to_string(i) + "\n";
  }
  EXPECT_TRUE(unified_diff("f", before, after).starts_with("--- f\n+++ f\n@@ -1,2000 +1,2000 @@\n-b0\n-b1\n"));
}

}  // namespace
}  // namespace dnsd
