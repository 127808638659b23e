#include <gtest/gtest.h>

#include <cstdlib>
#include <utility>
#include <vector>

#include "tools/zone_edit/bar_chart.h"
#include "tools/zone_edit/svg_chart.h"

namespace dnsd {
namespace {

TEST(BarChart, BlocksAndMarks) {
  const std::vector<Bar> bars = {
      {"a", 1.0, 0.5, "100%"}, {"bcd", 0.25, 0.5, "25%"}, {"e", 0.55, 0, "55%"}, {"f", 0, 0.5, "0%"}};
  EXPECT_EQ(bar_chart(bars, {22, true}, 2),
            "  a    ████│█████ 100%\n"
            "  bcd  ██▌ │       25%\n"
            "  e    █████▌      55%\n"
            "  f        │        0%\n");
  EXPECT_EQ(bar_chart(bars, {22, false}, 2),
            "  a    ####|##### 100%\n"
            "  bcd  ### |       25%\n"
            "  e    ######      55%\n"
            "  f        |        0%\n");
}

TEST(BarChart, ColumnsAreCharacters) {
  const std::vector<Bar> bars = {{"zürich", 1, 0, "1"}, {"bern", 1, 0, "1"}};
  EXPECT_EQ(bar_chart(bars, {17, false}, 0), "zürich  ######## 1\nbern    ######## 1\n");  // the shortest there is
  EXPECT_EQ(bar_chart({}, {80, true}, 0), "");
  EXPECT_EQ(bar_chart(std::vector<Bar>{{"none", 0, 0, "0"}}, {20, true}, 0), "none               0\n");
}

SvgChart chart_of(std::vector<SvgBar> bars) {
  return {.title = "Title <&>",
          .subtitle = "sub",
          .value_name = "value",
          .mark_name = "mark",
          .dot_name = "dot",
          .sections = {{"section", std::move(bars)}}};
}

size_t count(const std::string& text, const std::string& what) {
  size_t n = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

// Whatever it is set to where the tests run.
TEST(BarChart, TheTerminalIsNeverTooNarrowOrTooWide) {
  for (const auto& [columns, width] : {std::pair("60", 60), {"7", 40}, {"1000", 100}, {"wide", 80}}) {
    setenv("COLUMNS", columns, 1);
    EXPECT_EQ(terminal_style().width, static_cast<size_t>(width)) << columns;
  }
  setenv("LC_ALL", "C", 1);
  EXPECT_FALSE(terminal_style().unicode);
  setenv("LC_ALL", "C.UTF-8", 1);
  EXPECT_TRUE(terminal_style().unicode);
}

TEST(SvgChart, TextIsEscapedAndEveryBarIsThere) {
  const std::string svg =
      to_svg(chart_of({{"<script>", "a\"b", 0.5, 0.4, 0.3}, {std::string("x\x01y"), "&", 0.2, 0.4, 0.3}}));
  EXPECT_EQ(svg.find("<script"), std::string::npos);
  EXPECT_NE(svg.find("&lt;script&gt;"), std::string::npos);
  EXPECT_NE(svg.find("Title &lt;&amp;&gt;"), std::string::npos);
  EXPECT_NE(svg.find(">xy<"), std::string::npos);
  EXPECT_EQ(count(svg, "<g>"), 2u);
  EXPECT_EQ(count(svg, "<g>"), count(svg, "</g>"));
  EXPECT_NE(svg.find("prefers-color-scheme:dark"), std::string::npos);
}

TEST(SvgChart, BigPoolsHaveThinBarsWithoutLabels) {
  const std::string svg = to_svg(chart_of(std::vector<SvgBar>(5000, {"label", "site", 0.0002, 0.0002, 0.0002})));
  EXPECT_EQ(count(svg, "<g>"), 5000u);
  EXPECT_EQ(count(svg, ">label<"), 0u);
  EXPECT_GT(count(svg, "label, site: value 0.0200%"), 4999u);
}

TEST(SvgChart, NothingButZeros) {
  const std::string svg = to_svg(chart_of({{"a", "", 0, 0, 0}}));
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(svg.find("inf"), std::string::npos);
}

}  // namespace
}  // namespace dnsd
