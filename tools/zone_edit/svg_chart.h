// A bar chart as an SVG document of its own, for light and dark pages.
//
// Pure; thread safety: none needed.
#pragma once

#include <string>
#include <vector>

namespace dnsd {

struct SvgBar {
  std::string label;
  std::string group;  // decides the colour
  double value = 0;   // the bar; all three are parts of 1, shown in per cent
  double mark = 0;    // a stroke across it
  double dot = 0;
};

struct SvgSection {
  std::string title;
  std::vector<SvgBar> bars;  // at least one
};

struct SvgChart {
  std::string title;
  std::string subtitle;
  std::string value_name, mark_name, dot_name;  // of what is shown, for the legend
  std::vector<SvgSection> sections;             // one below the other
};

std::string to_svg(const SvgChart& chart);

}  // namespace dnsd
