#include "pinned_ips/feed/changes_json.h"

#include <nlohmann/json.hpp>

#include "pinned_ips/feed/feed_text.h"

namespace dnsd {

std::optional<std::string> render_changes(const Chronicle& chronicle, uint64_t since) {
  if (chronicle.issues().empty() || since > chronicle.issues().back().stamp.serial) return std::nullopt;
  nlohmann::ordered_json json;
  json["since"] = since;
  json["serial"] = chronicle.issues().back().stamp.serial;
  json["complete"] = since + 1 >= chronicle.first_serial();
  json["changes"] = nlohmann::ordered_json::array();
  for (const FeedEvent& event : chronicle.events_since(since))
    json["changes"].push_back({{"serial", event.serial},
                               {"at", to_text(event.at)},
                               {"change", to_text(event.kind)},
                               {"entry", event.entry},
                               {"set", event.set},
                               {"cidr", event.cidr},
                               {"effective_at", to_text(event.effective_at)}});
  return json_text(json);
}

}  // namespace dnsd
