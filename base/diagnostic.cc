#include "base/diagnostic.h"

#include <algorithm>
#include <tuple>

namespace dnsd {
namespace {

std::string_view word(Severity severity) { return severity == Severity::error ? "error" : "warning"; }

// The caret line repeats the tabs of the source line, so that the caret stands right whatever the tab width.
std::string caret_below(std::string_view line, uint32_t column) {
  std::string caret;
  for (size_t i = 0; i + 1 < column; ++i) caret += i < line.size() && line[i] == '\t' ? '\t' : ' ';
  return caret + '^';
}

}  // namespace

std::string to_line(const Diagnostic& d) {
  std::string text = d.place.file;
  if (d.place.line > 0) text += ":" + std::to_string(d.place.line);
  if (d.place.line > 0 && d.place.column > 0) text += ":" + std::to_string(d.place.column);
  if (!text.empty()) text += ": ";
  return text.append(word(d.severity)).append(": ").append(d.message);
}

std::string to_text(const Diagnostic& d) {
  std::string text = to_line(d);
  if (d.source_line.empty()) return text;
  text.append("\n").append(d.source_line);
  if (d.place.column > 0) text.append("\n").append(caret_below(d.source_line, d.place.column));
  return text;
}

std::string to_text(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics.all()) text.append(to_text(d)).append("\n");
  return text;
}

void Diagnostics::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::error) ++errors_;
  all_.push_back(std::move(diagnostic));
}

void Diagnostics::error(Place place, std::string message, std::string source_line) {
  add({Severity::error, std::move(place), std::move(message), std::move(source_line)});
}

void Diagnostics::warning(Place place, std::string message, std::string source_line) {
  add({Severity::warning, std::move(place), std::move(message), std::move(source_line)});
}

void Diagnostics::append(const Diagnostics& other) {
  for (const Diagnostic& d : other.all()) add(d);
}

void Diagnostics::sort() {
  std::stable_sort(all_.begin(), all_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.place.file, a.place.line, a.place.column) <
           std::tie(b.place.file, b.place.line, b.place.column);
  });
}

std::string_view line_of(std::string_view text, uint32_t number) {
  for (uint32_t line = 1; number > 0; ++line) {
    const size_t end = text.find('\n');
    if (line == number) {
      text = text.substr(0, end);
      if (text.ends_with('\r')) text.remove_suffix(1);
      return text;
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return {};
}

}  // namespace dnsd
