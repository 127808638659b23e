// Text in aligned columns, for people:
//
//   ADDRESS       STATE  SITE
//   198.51.100.1  in     dfw
//   198.51.100.2  drain  ewr
//
// Scripts use --json.
#pragma once

#include <string>
#include <vector>

namespace dnsd {

class Table {
 public:
  Table() = default;  // without headings
  explicit Table(std::vector<std::string> headings) : rows_{std::move(headings)}, headings_(1) {}
  // Precondition: every row has as many cells as the first, headings included.
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.size() == headings_; }
  // Each line begins with `indent` spaces and ends with a newline; an empty cell shows as "-".
  std::string to_text(size_t indent = 0) const;

 private:
  std::vector<std::vector<std::string>> rows_;
  size_t headings_ = 0;  // rows of them
};

}  // namespace dnsd
