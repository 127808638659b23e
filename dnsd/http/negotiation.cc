#include "dnsd/http/negotiation.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace dnsd {
namespace {

constexpr int full_weight = 1000;  // weights are in thousandths

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Takes the text up to the separator off the front; one inside a quoted string (RFC 9110 5.6.4) separates nothing.
std::string_view take_until(std::string_view& text, char separator) {
  bool quoted = false;
  size_t end = 0;
  for (; end < text.size() && (quoted || text[end] != separator); ++end) {
    if (text[end] == '"') quoted = !quoted;
    if (quoted && text[end] == '\\') ++end;
  }
  end = std::min(end, text.size());
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return trimmed(taken);
}

// qvalue = "0" [ "." 0*3DIGIT ] / "1" [ "." 0*3("0") ] (RFC 9110 12.4.2).
int weight_of(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return full_weight;
  if (text.size() > 1 && text[1] != '.') return full_weight;
  int weight = (text[0] - '0') * full_weight;
  int unit = full_weight / 10;
  for (size_t i = 2; i < text.size(); ++i, unit /= 10) {
    if (text[i] < '0' || text[i] > '9') return full_weight;
    weight += (text[i] - '0') * unit;
  }
  return std::min(weight, full_weight);
}

struct Element {
  std::string_view value;
  int weight = full_weight;
};

Element take_element(std::string_view& field) {
  std::string_view text = take_until(field, ',');
  Element element{take_until(text, ';')};
  while (!text.empty()) {
    const std::string_view parameter = take_until(text, ';');
    if (parameter.size() > 1 && ascii_lower(parameter[0]) == 'q' && parameter[1] == '=')
      element.weight = weight_of(parameter.substr(2));
  }
  return element;
}

// How closely a media range fits a type; 0: not at all.
int closeness(std::string_view range, std::string_view type) {
  if (range == "*" || range == "*/*") return 1;  // "*" alone is what some old clients mean by "*/*"
  if (range.ends_with("/*") && equal_ignoring_case(range.substr(0, range.size() - 1), type.substr(0, range.size() - 1)))
    return 2;
  return equal_ignoring_case(range, type) ? 3 : 0;
}

bool is_media_range(std::string_view text) { return text == "*" || text.find('/') != std::string_view::npos; }

}  // namespace

bool accepts_type(std::string_view field, std::string_view content_type) {
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  bool asked = false;
  int closest = 0, weight = 0;
  while (!field.empty()) {
    const Element element = take_element(field);
    if (!is_media_range(element.value)) continue;
    asked = true;
    const int close = closeness(element.value, type);
    if (close == 0 || close < closest) continue;
    weight = close > closest ? element.weight : std::max(weight, element.weight);
    closest = close;
  }
  return !asked || weight > 0;
}

Coding choose_coding(std::string_view field, bool has_gzip) {
  std::optional<int> gzip, identity, any;
  while (!field.empty()) {
    const Element element = take_element(field);
    const bool is_gzip = equal_ignoring_case(element.value, "gzip") || equal_ignoring_case(element.value, "x-gzip");
    std::optional<int>* const weight = is_gzip                                          ? &gzip
                                       : equal_ignoring_case(element.value, "identity") ? &identity
                                       : element.value == "*"                           ? &any
                                                                                        : nullptr;
    if (weight && !*weight) *weight = element.weight;
  }
  constexpr int least = 1;  // not mentioned, identity is acceptable, but anything that was asked for is better
  const int of_gzip = has_gzip ? gzip.value_or(any.value_or(0)) : 0;
  const int of_identity = identity.value_or(any.value_or(least));
  if (of_gzip > 0 && of_gzip >= of_identity) return Coding::gzip;
  return of_identity > 0 ? Coding::identity : Coding::none;
}

}  // namespace dnsd
