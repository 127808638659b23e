#include "zones/defect_list.h"

#include <algorithm>
#include <tuple>

namespace dnsd {
namespace {

constexpr size_t longest_line_shown = 300;  // octets; a caret beyond helps nobody

}  // namespace

uint16_t DefectList::add_file(std::string shown_path, std::string_view text) {
  files_.push_back(std::move(shown_path));
  texts_.push_back(text);
  return static_cast<uint16_t>(files_.size() - 1);
}

void DefectList::add(Severity severity, RecordPlace place, std::string message) {
  if (++counts_[static_cast<size_t>(severity)] <= most) found_.push_back({severity, place, std::move(message)});
}

void DefectList::append(DefectList&& more, uint32_t lines_before) {
  for (Found& found : more.found_) {
    --more.counts_[static_cast<size_t>(found.severity)];
    if (found.place.line > 0) found.place.line += lines_before;
    add(found.severity, found.place, std::move(found.message));
  }
  for (const Severity severity : {Severity::error, Severity::warning})
    counts_[static_cast<size_t>(severity)] += more.counts_[static_cast<size_t>(severity)];
}

Diagnostic DefectList::diagnostic_of(Found& found) const {
  Diagnostic d{
      found.severity, {files_[found.place.file], found.place.line, found.place.column}, std::move(found.message), {}};
  const std::string_view line = line_of(texts_[found.place.file], found.place.line);
  if (found.place.column <= longest_line_shown) d.source_line = line.substr(0, longest_line_shown);
  return d;
}

void DefectList::finish(Diagnostics& diagnostics) {
  std::ranges::stable_sort(found_, [](const Found& a, const Found& b) {
    return std::tie(a.place.file, a.place.line, a.place.column) <
           std::tie(b.place.file, b.place.line, b.place.column);
  });
  for (Found& found : found_) diagnostics.add(diagnostic_of(found));
  for (const Severity severity : {Severity::error, Severity::warning}) {
    const size_t count = counts_[static_cast<size_t>(severity)];
    if (count <= most) continue;
    const std::string what = severity == Severity::error ? " more errors" : " more warnings";
    diagnostics.add({severity, {files_[0]}, "and " + std::to_string(count - most) + what, {}});
  }
  found_.clear();
}

}  // namespace dnsd
