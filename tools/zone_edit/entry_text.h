// How verbs write the entries of pinned sets.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "pinned_ips/pinned_set.h"
#include "tools/zone_edit/session.h"

namespace dnsd {

std::string joined(const std::vector<std::string>& words);  // "a, b"
std::vector<std::string> address_texts(const PinnedEntry& entry);
std::string text_or_none(const std::optional<Instant>& instant);  // empty for none
Json json_or_null(const std::optional<Instant>& instant);

}  // namespace dnsd
