#include "dnsd/http/conditional.h"

#include "base/text.h"

namespace dnsd {
namespace {

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// qvalue = "0" [ "." 0*3DIGIT ] / "1" [ "." 0*3("0") ]: only 0 refuses.
bool is_zero_quality(std::string_view parameters) {
  while (!parameters.empty()) {
    const size_t semicolon = parameters.find(';');
    const std::string_view one = trimmed(parameters.substr(0, semicolon));
    if (one.size() > 2 && ascii_lower(one[0]) == 'q' && one[1] == '=')
      return one.substr(2).find_first_not_of("0.") == std::string_view::npos;
    parameters = semicolon == std::string_view::npos ? std::string_view() : parameters.substr(semicolon + 1);
  }
  return false;
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

bool accepts_gzip(std::string_view field) {
  bool any = false;
  while (!field.empty()) {
    const size_t comma = field.find(',');
    const std::string_view item = field.substr(0, comma);
    const size_t semicolon = item.find(';');
    const std::string_view coding = trimmed(item.substr(0, semicolon));
    const bool wanted =
        !is_zero_quality(semicolon == std::string_view::npos ? std::string_view() : item.substr(semicolon + 1));
    if (equal_ignoring_case(coding, "gzip") || equal_ignoring_case(coding, "x-gzip")) return wanted;
    if (coding == "*") any = wanted;
    field = comma == std::string_view::npos ? std::string_view() : field.substr(comma + 1);
  }
  return any;
}

}  // namespace dnsd
