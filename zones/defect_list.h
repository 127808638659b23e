// Collects the defects of one zone's files, each with the line it stands on, in bounded number.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "zones/zone.h"

namespace dnsd {

class DefectList {
 public:
  static constexpr size_t most = 100;  // errors that are listed, and as many warnings

  // The index for RecordPlace. `text` must live until finish().
  uint16_t add_file(std::string shown_path, std::string_view text);
  const std::vector<std::string>& files() const { return files_; }

  void add(Severity severity, RecordPlace place, std::string message);
  bool has_errors() const { return counts_[0] > 0; }
  // Whether further errors are only counted: then a long message is not worth making.
  bool is_full() const { return counts_[0] >= most; }

  // Those of a text whose first line is line `lines_before` + 1 of the file 0 here, as if found now.
  void append(DefectList&& more, uint32_t lines_before);

  // Hands all on, by file in the order of reading, then line and column; last how many were not listed.
  void finish(Diagnostics& diagnostics);

 private:
  struct Found {
    Severity severity;
    RecordPlace place;
    std::string message;
  };

  Diagnostic diagnostic_of(Found& found) const;

  std::vector<std::string> files_;
  std::vector<std::string_view> texts_;
  std::vector<Found> found_;
  size_t counts_[2] = {0, 0};  // by Severity, those not listed included
};

}  // namespace dnsd
