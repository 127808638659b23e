#include "tools/zone_edit/diff.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace dnsd {
namespace {

constexpr size_t context = 3;
constexpr size_t longest_gap = 1000;  // lines; where more changed in one place, the rest of the texts is one change

using Lines = std::vector<std::string_view>;  // each with its newline, if it has one

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

// Lines [before, before_end) become lines [after, after_end).
struct Change {
  size_t before, before_end, after, after_end;
};

// How many lines of each text to pass over, at least one in all, until both go on with the same line.
std::pair<size_t, size_t> gap_at(const Lines& a, size_t x, const Lines& b, size_t y) {
  for (size_t both = 1; both <= longest_gap; ++both) {
    for (size_t i = 0; i <= both; ++i) {
      const size_t in_a = x + i;
      const size_t in_b = y + both - i;
      if (in_a > a.size() || in_b > b.size()) continue;
      const bool at_ends = in_a == a.size() && in_b == b.size();
      if (at_ends || (in_a < a.size() && in_b < b.size() && a[in_a] == b[in_b])) return {i, both - i};
    }
  }
  return {a.size() - x, b.size() - y};
}

// What the texts end with alike is left aside first: then thousands of lines put in at one place are found as such.
std::vector<Change> changes_between(Lines a, Lines b) {
  while (!a.empty() && !b.empty() && a.back() == b.back()) a.pop_back(), b.pop_back();
  std::vector<Change> changes;
  size_t x = 0;
  size_t y = 0;
  while (x < a.size() || y < b.size()) {
    if (x < a.size() && y < b.size() && a[x] == b[y]) {
      ++x, ++y;
      continue;
    }
    const auto [gone, come] = gap_at(a, x, b, y);
    changes.push_back({x, x + gone, y, y + come});
    x += gone;
    y += come;
  }
  return changes;
}

void append_line(std::string& out, char kind, std::string_view line) {
  (out += kind) += line;
  if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

std::string range_text(size_t begin, size_t count) {
  return std::to_string(count == 0 ? begin : begin + 1) + "," + std::to_string(count);
}

// Changes [first, last) are near each other: one hunk.
void append_hunk(std::string& out, const Lines& a, const Lines& b, const Change* first, const Change* last) {
  const size_t before = first->before - std::min(first->before, context);
  const size_t after = first->after - (first->before - before);
  const size_t before_end = std::min(a.size(), last[-1].before_end + context);
  const size_t after_end = last[-1].after_end + (before_end - last[-1].before_end);
  out += "@@ -" + range_text(before, before_end - before) + " +" + range_text(after, after_end - after) + " @@\n";
  size_t at = before;
  for (const Change* change = first; change != last; ++change) {
    for (; at < change->before; ++at) append_line(out, ' ', a[at]);
    for (; at < change->before_end; ++at) append_line(out, '-', a[at]);
    for (size_t i = change->after; i < change->after_end; ++i) append_line(out, '+', b[i]);
  }
  for (; at < before_end; ++at) append_line(out, ' ', a[at]);
}

}  // namespace

std::string unified_diff(const std::string& path, std::string_view before, std::string_view after) {
  const Lines a = lines_of(before);
  const Lines b = lines_of(after);
  const std::vector<Change> changes = changes_between(a, b);
  if (changes.empty()) return {};
  std::string out = "--- " + path + "\n+++ " + path + "\n";
  for (const Change *first = changes.data(), *end = first + changes.size(); first != end;) {
    const Change* last = first + 1;
    while (last != end && last->before - last[-1].before_end <= 2 * context) ++last;
    append_hunk(out, a, b, first, last);
    first = last;
  }
  return out;
}

}  // namespace dnsd
