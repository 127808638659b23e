#include "pinned_ips/feed/geofeed.h"

#include "pinned_ips/feed/prefix_sets.h"

namespace dnsd {

std::optional<std::string> geofeed_csv(const FeedView& view) {
  const std::vector<IpPrefix> prefixes = allowed_space(view.sets, view.now);
  if (prefixes.empty()) return std::nullopt;
  // RFC 8805 2.1: UTF-8, comments begin with '#'; a row is prefix,country,region,city,postal code.
  std::string text = "# No location: each of these may move between facilities at any moment (RFC 8805 2.1.2).\n";
  for (const IpPrefix& prefix : prefixes) text += to_text(prefix) + ",,,,\n";
  return text;
}

}  // namespace dnsd
