// The drawing of what changes when: a bar for each entry with a change to come.
#pragma once

#include <string>

#include "pinned_ips/feed_view.h"

namespace dnsd {

// A <figure> of inline SVG. It is for the eye alone: the table beside it says the same. Empty where nothing is to
// come.
std::string timeline_html(const FeedView& view);

}  // namespace dnsd
