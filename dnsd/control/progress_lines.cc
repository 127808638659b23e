#include "dnsd/control/progress_lines.h"

#include <algorithm>
#include <cstdio>

namespace dnsd {

void ProgressLines::operator()(const LoadProgress& progress) {
  const auto now = clock_();
  if (progress.zone == 0) said_ = now;
  if (progress.octets == 0) opened_ = now;
  if (progress.zone == 0 || now - said_ < std::chrono::seconds(1)) return;
  said_ = now;
  say_(progress_line(progress, now - opened_));
}

std::string progress_line(const LoadProgress& progress, std::chrono::steady_clock::duration since_it_was_opened) {
  std::string line = "reading " + std::string(progress.path) + " (zone " + std::to_string(progress.zone) + " of " +
                     std::to_string(progress.zones) + ")";
  if (progress.octets == 0) return line;
  const double seconds = std::max(0.001, std::chrono::duration<double>(since_it_was_opened).count());
  char text[160];
  std::snprintf(text, sizeof text, ": %.1f of %.1f MB, %llu records, %.0f a second",
                static_cast<double>(progress.octets) / 1e6, static_cast<double>(progress.of_octets) / 1e6,
                static_cast<unsigned long long>(progress.records), static_cast<double>(progress.records) / seconds);
  return line + text;
}

}  // namespace dnsd
