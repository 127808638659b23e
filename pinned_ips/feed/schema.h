// The JSON Schema (2020-12) of the native document, which its "$schema" points to.
#pragma once

#include <optional>
#include <string>

#include "pinned_ips/feed_view.h"

namespace dnsd {

// The same for every view; never none.
std::optional<std::string> feed_schema(const FeedView& view);

}  // namespace dnsd
