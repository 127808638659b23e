// Pieces of HTML that the parts of the page (page.h) share. What they take as HTML has been escaped.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"

namespace dnsd {

// <time> with the exact instant, "2026-11-23 12:00 UTC"; seconds only where there are any.
std::string time_html(Instant instant);
// "1 d 2 h", "3 h 5 min", "0 min": two units at most, rounded down. Not for negative ones.
std::string length_text(Duration length);
// "in 1 d 2 h", "4 d 1 h ago", "now".
std::string countdown(Instant when, Instant now);

// The same as HTML that stays on one line, and soft where it stands beside an instant.
std::string countdown_html(Instant when, Instant now);
std::string time_and_countdown_html(Instant when, Instant now);

std::string code_html(std::string_view text);  // escapes it

// A table whose rows become blocks on a narrow screen, each value with the name of its column; the roles keep it a
// table for screen readers there. The first cell of a row is its heading.
class HtmlTable {
 public:
  HtmlTable(std::string_view caption, std::vector<std::string_view> columns);

  // Precondition: as many cells as columns, each HTML.
  void add(std::initializer_list<std::string> cells);
  bool empty() const { return rows_.empty(); }
  std::string html() const;

 private:
  std::string caption_;
  std::vector<std::string_view> columns_;
  std::string rows_;
};

}  // namespace dnsd
