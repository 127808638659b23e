#include "tools/zone_edit/entry_text.h"

#include <nlohmann/json.hpp>

namespace dnsd {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

std::vector<std::string> address_texts(const std::vector<IpAddress>& addresses) {
  std::vector<std::string> texts;
  for (const IpAddress& address : addresses) texts.push_back(to_text(address));
  return texts;
}

std::string text_or_none(const std::optional<Instant>& instant) {
  return instant ? to_text(*instant) : std::string();
}

Json json_or_null(const std::optional<Instant>& instant) { return instant ? Json(to_text(*instant)) : Json(); }

}  // namespace dnsd
