#include "pinned_ips/feed/aws_json.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "pinned_ips/feed/feed_text.h"
#include "pinned_ips/feed/prefix_sets.h"

namespace dnsd {
namespace {

using Json = nlohmann::ordered_json;

Json prefixes(const std::vector<FeedRow>& rows, Family family, const char* key) {
  Json json = Json::array();
  for (const FeedRow& row : rows) {
    if (row.promise->cidr.family() != family) continue;
    // AWS says GLOBAL where an address belongs to no region.
    const std::string region = row.promise->facility.empty() ? "GLOBAL" : row.promise->facility;
    json.push_back({{key, to_text(row.promise->cidr)},
                    {"region", region},
                    {"service", ascii_upper(row.set->name)},
                    {"network_border_group", region}});
  }
  return json;
}

}  // namespace

std::optional<std::string> aws_json(const FeedView& view) {
  const std::vector<FeedRow> rows = allowed_rows(view.sets, view.now);
  if (rows.empty()) return std::nullopt;
  Json json;
  json["syncToken"] = std::to_string(view.stamp.generated_at.seconds);  // a string, of createDate's instant
  json["createDate"] = create_date(view.stamp.generated_at);
  json["prefixes"] = prefixes(rows, Family::ipv4, "ip_prefix");
  json["ipv6_prefixes"] = prefixes(rows, Family::ipv6, "ipv6_prefix");
  return json_text(json);
}

}  // namespace dnsd
