// Lines that say how far a long load has come: none in its first second, then one a second at most.
//
// Thread safety: one thread.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "dnsd/loading/data_directory.h"

namespace dnsd {

class ProgressLines {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  explicit ProgressLines(std::function<void(const std::string&)> say,
                         Clock clock = [] { return std::chrono::steady_clock::now(); })
      : say_(std::move(say)), clock_(std::move(clock)) {}

  // For Loader::on_progress().
  void operator()(const LoadProgress& progress);

 private:
  std::function<void(const std::string&)> say_;
  Clock clock_;
  std::chrono::steady_clock::time_point said_;   // or begun
  std::chrono::steady_clock::time_point opened_; // the file in hand
};

// "reading zones/big.zone (zone 1 of 3): 12.3 of 24.5 MB, 512000 records, 900000 a second"
std::string progress_line(const LoadProgress& progress, std::chrono::steady_clock::duration since_it_was_opened);

}  // namespace dnsd
