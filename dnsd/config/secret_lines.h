// Files of secrets: one a line; empty lines and what follows a # are passed over.
#pragma once

#include <cstdint>
#include <string_view>

namespace dnsd {

// Calls each(number of the line from 1, its word) for each line that has one.
template <typename Each>
void for_each_secret_line(std::string_view text, Each each) {
  constexpr std::string_view blanks = " \t\r";
  uint32_t number = 0;
  for (size_t at = 0; at < text.size();) {
    std::string_view line = text.substr(at, text.find('\n', at) - at);
    at += line.size() + 1;
    ++number;
    line = line.substr(0, line.find('#'));
    const size_t first = line.find_first_not_of(blanks);
    if (first != std::string_view::npos)
      each(number, line.substr(first, line.find_last_not_of(blanks) - first + 1));
  }
}

}  // namespace dnsd
