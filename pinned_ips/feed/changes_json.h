// changes.json?since=SERIAL: what happened after an issue of the feed, for whoever was away.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pinned_ips/chronicle.h"

namespace dnsd {

//   {"since": 40, "serial": 42, "complete": true, "changes": [{"serial": 41, "at": "…", "change": "announced",
//    "entry": "proxy-0012", "set": "proxy", "cidr": "192.0.2.77/32", "effective_at": "…"}, …]}
//
// "complete" is false where the ledger does not go back so far: then fetch the whole feed. None where there is no
// issue yet, or `since` is later than the last one. `changes` may be empty: the serial also rises with a policy or a
// facility.
std::optional<std::string> render_changes(const Chronicle& chronicle, uint64_t since);

}  // namespace dnsd
