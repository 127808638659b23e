// Numbers for people.
#pragma once

#include <cstdint>
#include <string>

namespace dnsd {

// "1,000,000"
inline std::string grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

}  // namespace dnsd
