#include "dnsd/http/conditional.h"

namespace dnsd {
namespace {

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

bool if_none_match(std::string_view field, std::string_view etag) {
  if (trimmed(field) == "*") return true;
  while (true) {
    const size_t begin = field.find_first_not_of(" \t,");
    if (begin == std::string_view::npos) return false;
    field.remove_prefix(begin);
    if (field.starts_with("W/")) field.remove_prefix(2);
    const size_t end = field.starts_with('"') ? field.find('"', 1) : std::string_view::npos;
    if (end == std::string_view::npos) return false;
    if (field.substr(0, end + 1) == etag) return true;
    field.remove_prefix(end + 1);
  }
}

}  // namespace dnsd
