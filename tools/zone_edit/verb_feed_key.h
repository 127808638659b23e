// The sub-verb `key` of the verb `feed` (verb_feed.cc sets it up).
#pragma once

#include "tools/zone_edit/verbs.h"

namespace dnsd {

void setup_feed_key(CLI::App& app, Action& action);

}  // namespace dnsd
