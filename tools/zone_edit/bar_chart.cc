#include "tools/zone_edit/bar_chart.h"

#include <langinfo.h>
#include <locale.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include "base/text.h"

namespace dnsd {
namespace {

constexpr size_t fewest_columns = 40, most_columns = 100, usual_columns = 80;
constexpr size_t shortest_bar = 8;
constexpr std::array<std::string_view, 8> eighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

// Characters, not octets (UTF-8: continuation octets are 10xxxxxx).
size_t columns_of(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

// `cells` columns: the bar from the left, `length` of them, and the mark in the column where its value ends.
std::string cells_of(double length, double mark, size_t cells, bool unicode) {
  const auto mark_cell = static_cast<size_t>(std::clamp(std::round(mark) - 1, 0.0, static_cast<double>(cells - 1)));
  const auto whole = static_cast<size_t>(length);
  std::string text;
  for (size_t cell = 0; cell < cells; ++cell) {
    if (cell == mark_cell && mark > 0) {
      text += unicode ? "│" : "|";
    } else if (!unicode) {
      text += static_cast<double>(cell) + 0.5 <= length ? "#" : " ";
    } else if (cell < whole) {
      text += "█";
    } else {
      const std::string_view rest =
          cell == whole ? eighths[static_cast<size_t>((length - std::floor(length)) * 8)] : "";
      text += rest.empty() ? " " : rest;
    }
  }
  return text;
}

}  // namespace

std::string bar_chart(std::span<const Bar> bars, const ChartStyle& style, size_t indent) {
  size_t labels = 0, texts = 0;
  double most = 0;
  for (const Bar& bar : bars) {
    labels = std::max(labels, columns_of(bar.label));
    texts = std::max(texts, columns_of(bar.text));
    most = std::max({most, bar.value, bar.mark});
  }
  const size_t taken = indent + labels + 2 + 1 + texts;
  const size_t cells = style.width > taken + shortest_bar ? style.width - taken : shortest_bar;
  const double scale = most > 0 ? static_cast<double>(cells) / most : 0;
  std::string chart;
  for (const Bar& bar : bars) {
    chart.append(indent, ' ') += bar.label;
    chart.append(labels - columns_of(bar.label) + 2, ' ');
    chart += cells_of(bar.value * scale, bar.mark * scale, cells, style.unicode);
    chart.append(1 + texts - columns_of(bar.text), ' ') += bar.text;
    chart += '\n';
  }
  return chart;
}

ChartStyle terminal_style() {
  ChartStyle style{usual_columns, false};
  if (const locale_t locale = newlocale(LC_CTYPE_MASK, "", nullptr)) {
    style.unicode = std::string_view(nl_langinfo_l(CODESET, locale)) == "UTF-8";
    freelocale(locale);
  }
  if (const char* columns = std::getenv("COLUMNS")) style.width = parse_decimal(columns).value_or(usual_columns);
  style.width = std::clamp(style.width, fewest_columns, most_columns);
  return style;
}

}  // namespace dnsd
