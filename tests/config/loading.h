// What the tests of the loaders share: parse a text and have every defect as people see it.
#pragma once

#include <fstream>
#include <iterator>
#include <string>

#include "base/diagnostic.h"

namespace dnsd::testing {

// What `parse` reports about a text that stands in "f.yaml".
template <typename Parse>
std::string defects(Parse parse, std::string_view text) {
  Diagnostics diagnostics;
  const auto config = parse(text, "f.yaml", diagnostics);
  if (config.has_value() == diagnostics.has_errors()) return "a configuration and errors, or neither";
  return to_text(diagnostics);
}

inline std::string sample(const std::string& name) {
  std::ifstream file(std::string(TEST_DIRECTORY "/config/samples/") + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace dnsd::testing
