// A defect in a file, with its place, as people and editors want to see it:
//
//   zones/api.example.com.zone:12:14: error: TTL is not a number or duration
//   www  IN  1w2x A 192.0.2.1
//            ^
//
// Checks do not stop at the first defect: they report each to a Diagnostics and go on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dnsd {

struct Place {
  std::string file;     // as the operator would type it; empty: no file
  uint32_t line = 0;    // from 1; 0: the file as a whole
  uint32_t column = 0;  // from 1, in octets; 0: the line as a whole
};

enum class Severity : uint8_t { error, warning };

struct Diagnostic {
  Severity severity = Severity::error;
  Place place;
  std::string message;      // one sentence, no final stop: what is wrong and, where not obvious, the way out
  std::string source_line;  // the text of the line, for the caret; may be empty
};

// "file:line:column: severity: message", and where known the line and a caret below it. Ends without a newline.
std::string to_text(const Diagnostic& diagnostic);
// The first line of that alone.
std::string to_line(const Diagnostic& diagnostic);

class Diagnostics {
 public:
  void add(Diagnostic diagnostic);
  void error(Place place, std::string message, std::string source_line = {});
  void warning(Place place, std::string message, std::string source_line = {});
  void append(const Diagnostics& other);

  const std::vector<Diagnostic>& all() const { return all_; }
  bool empty() const { return all_.empty(); }
  bool has_errors() const { return errors_ > 0; }
  size_t errors() const { return errors_; }
  size_t warnings() const { return all_.size() - errors_; }
  // By file, line, column; the order of equal places is kept.
  void sort();

 private:
  std::vector<Diagnostic> all_;
  size_t errors_ = 0;
};

std::string to_text(const Diagnostics& diagnostics);  // each followed by a newline

// Line `number` (from 1) of a text, without its newline; empty where there is none.
std::string_view line_of(std::string_view text, uint32_t number);

}  // namespace dnsd
