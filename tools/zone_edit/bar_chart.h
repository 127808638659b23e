// A bar chart in a terminal:
//
//   198.51.100.1  ████████████▏      2.50%
//   198.51.100.2  ████████│██▌       2.10%      │ is the mark
//
// Plain ASCII where the terminal has no UTF-8.
#pragma once

#include <span>
#include <string>

namespace dnsd {

struct Bar {
  std::string label;
  double value = 0;  // at least 0
  double mark = 0;   // where the value should be; at least 0
  std::string text;  // behind the bar
};

struct ChartStyle {
  size_t width = 80;  // columns of a whole line
  bool unicode = true;
};

// Each line begins with `indent` spaces and ends with a newline. The longest bar takes all the room there is.
std::string bar_chart(std::span<const Bar> bars, const ChartStyle& style, size_t indent);

// Of the terminal that the environment describes: UTF-8 by the locale, the width by COLUMNS, 40 to 100 columns.
ChartStyle terminal_style();

}  // namespace dnsd
