// The tables of the page: what to allow now, what may go, what changes when.
#pragma once

#include <string>

#include "pinned_ips/feed_view.h"

namespace dnsd {

// A table a set, of the entries that are to be allowed, and what each state means.
std::string allow_tables_html(const FeedView& view);
// What must go at once; empty where nothing does.
std::string revoked_html(const FeedView& view);
// What is over but still listed; empty where nothing is.
std::string removable_table_html(const FeedView& view);
// What is to come, soonest first; a sentence where nothing is.
std::string coming_table_html(const FeedView& view);

}  // namespace dnsd
