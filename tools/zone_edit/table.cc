#include "tools/zone_edit/table.h"

#include <algorithm>
#include <string_view>

namespace dnsd {
namespace {

// Characters, not octets: sites and facilities may be UTF-8 (continuation octets are 10xxxxxx).
size_t width(std::string_view cell) {
  return static_cast<size_t>(std::ranges::count_if(cell, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string_view shown(const std::string& cell) { return cell.empty() ? std::string_view("-") : cell; }

}  // namespace

std::string Table::to_text(size_t indent) const {
  if (rows_.empty()) return {};
  std::vector<size_t> widths(rows_.front().size());
  for (const auto& row : rows_)
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(shown(row[i])));
  std::string text;
  for (const auto& row : rows_) {
    text.append(indent, ' ');
    for (size_t i = 0; i < row.size(); ++i) {
      text += shown(row[i]);
      if (i + 1 < row.size()) text.append(widths[i] - width(shown(row[i])) + 2, ' ');
    }
    text += '\n';
  }
  return text;
}

}  // namespace dnsd
