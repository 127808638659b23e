#include "base/diagnostic.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

TEST(Diagnostic, ShowsThePlaceAndACaret) {
  const Diagnostic d{Severity::error,
                     {"zones/api.example.com.zone", 12, 9},
                     "TTL is not a number or duration",
                     "www  IN 1w2x A 192.0.2.1"};
  EXPECT_EQ(to_text(d),
            "zones/api.example.com.zone:12:9: error: TTL is not a number or duration\n"
            "www  IN 1w2x A 192.0.2.1\n"
            "        ^");
  EXPECT_EQ(to_line(d), "zones/api.example.com.zone:12:9: error: TTL is not a number or duration");
}

TEST(Diagnostic, TheCaretLineRepeatsTabs) {
  const Diagnostic d{Severity::warning, {"f", 1, 5}, "odd", "\ta\tbcd"};
  EXPECT_EQ(to_text(d),
            "f:1:5: warning: odd\n"
            "\ta\tbcd\n"
            "\t \t ^");
}

TEST(Diagnostic, TheCaretMayStandAtOrBehindTheEnd) {
  EXPECT_EQ(to_text(Diagnostic{Severity::error, {"f", 1, 1}, "m", "x"}), "f:1:1: error: m\nx\n^");
  EXPECT_EQ(to_text(Diagnostic{Severity::error, {"f", 1, 2}, "m", "x"}), "f:1:2: error: m\nx\n ^");
  EXPECT_EQ(to_text(Diagnostic{Severity::error, {"f", 1, 4}, "m", "x"}), "f:1:4: error: m\nx\n   ^");
}

TEST(Diagnostic, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(to_text(Diagnostic{Severity::error, {"f", 3, 0}, "m", "line"}), "f:3: error: m\nline");
  EXPECT_EQ(to_text(Diagnostic{Severity::error, {"f", 3, 7}, "m", ""}), "f:3:7: error: m");
  EXPECT_EQ(to_text(Diagnostic{Severity::error, {"f", 0, 0}, "m", ""}), "f: error: m");
  EXPECT_EQ(to_text(Diagnostic{Severity::warning, {}, "m", ""}), "warning: m");
}

TEST(Diagnostics, CountErrorsAndWarnings) {
  Diagnostics all;
  EXPECT_TRUE(all.empty());
  EXPECT_FALSE(all.has_errors());
  all.warning({"f", 1, 1}, "w");
  EXPECT_FALSE(all.has_errors());
  all.error({"f", 2, 1}, "e", "line");
  EXPECT_TRUE(all.has_errors());
  EXPECT_FALSE(all.empty());
  EXPECT_EQ(all.errors(), 1u);
  EXPECT_EQ(all.warnings(), 1u);
}

TEST(Diagnostics, AppendTakesBothKinds) {
  Diagnostics some, all;
  some.error({"f", 1, 1}, "e");
  some.warning({"f", 1, 1}, "w");
  all.error({"g", 1, 1}, "e");
  all.append(some);
  EXPECT_EQ(all.errors(), 2u);
  EXPECT_EQ(all.warnings(), 1u);
  EXPECT_EQ(all.all().size(), 3u);
}

TEST(Diagnostics, SortByPlaceKeepsTheOrderOfEqualOnes) {
  Diagnostics all;
  all.error({"b", 1, 1}, "4");
  all.error({"a", 10, 1}, "3");
  all.error({"a", 2, 5}, "1");
  all.error({"a", 2, 5}, "2");
  all.error({"a", 2, 1}, "0");
  all.sort();
  std::string order;
  for (const Diagnostic& d : all.all()) order += d.message;
  EXPECT_EQ(order, "01234");
}

TEST(Diagnostics, TextEndsEachWithANewline) {
  Diagnostics all;
  EXPECT_EQ(to_text(all), "");
  all.error({"f", 1, 2}, "first", "ab");
  all.warning({}, "second");
  EXPECT_EQ(to_text(all), "f:1:2: error: first\nab\n ^\nwarning: second\n");
}

TEST(LineOf, FindsTheLine) {
  const std::string_view text = "one\ntwo\r\n\nfour";
  EXPECT_EQ(line_of(text, 1), "one");
  EXPECT_EQ(line_of(text, 2), "two");
  EXPECT_EQ(line_of(text, 3), "");
  EXPECT_EQ(line_of(text, 4), "four");
}

TEST(LineOf, IsEmptyWhereThereIsNone) {
  EXPECT_EQ(line_of("one\n", 0), "");
  EXPECT_EQ(line_of("one\n", 2), "");
  EXPECT_EQ(line_of("one\n", 3), "");
  EXPECT_EQ(line_of("", 1), "");
  EXPECT_EQ(line_of("one", UINT32_MAX), "");
}

}  // namespace
}  // namespace dnsd
