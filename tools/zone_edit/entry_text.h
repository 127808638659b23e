// How verbs write the entries of pinned sets.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/ip_address.h"
#include "tools/zone_edit/session.h"

namespace dnsd {

std::string joined(const std::vector<std::string>& words);  // "a, b"
std::vector<std::string> address_texts(const std::vector<IpAddress>& addresses);
std::string text_or_none(const std::optional<Instant>& instant);  // empty for none
Json json_or_null(const std::optional<Instant>& instant);

}  // namespace dnsd
