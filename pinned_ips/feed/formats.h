// THE table of views of the feed. A new view is one row here, one render function and one golden file.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pinned_ips/feed_view.h"

namespace dnsd {

struct FeedFormat {
  std::string_view name;  // for `zone-edit feed --format`
  std::string_view path;  // where HTTP serves it
  std::string_view content_type;
  // None where there is nothing to serve: HTTP then says 503, never an empty 200.
  std::optional<std::string> (*render)(const FeedView& view);
};

std::span<const FeedFormat> feed_formats();
// Null for a name that has no row.
const FeedFormat* find_feed_format(std::string_view name);

}  // namespace dnsd
