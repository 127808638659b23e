#include "pinned_ips/feed/checkpoint_json.h"

#include <nlohmann/json.hpp>

#include "pinned_ips/feed/feed_text.h"
#include "pinned_ips/feed/prefix_sets.h"

namespace dnsd {
namespace {

using Json = nlohmann::ordered_json;

// The gateway knows an object by its id: it depends on the name of the set alone, for ever.
Json object(const PromisedSet& set) {
  Json json;
  json["name"] = set.name;
  json["id"] = name_uuid("urn:ip-ranges:set:" + set.name);
  json["description"] = "Addresses of " + set.name + " to be allowed now";
  json["ranges"] = Json::array();
  return json;
}

}  // namespace

std::optional<std::string> checkpoint_json(const FeedView& view) {
  const std::vector<FeedRow> rows = allowed_rows(view.sets, view.now);
  if (rows.empty()) return std::nullopt;
  Json json;
  json["version"] = "1.0";
  json["description"] = "Addresses to be allowed, serial " + std::to_string(view.stamp.serial);
  json["objects"] = Json::array();
  const PromisedSet* open = nullptr;
  for (const FeedRow& row : rows) {
    if (row.set != open) json["objects"].push_back(object(*row.set));
    open = row.set;
    json["objects"].back()["ranges"].push_back(to_text(row.promise->cidr));
  }
  return json_text(json);
}

}  // namespace dnsd
