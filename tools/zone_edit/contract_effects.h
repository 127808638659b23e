// What an edit of pinned sets does and when, for people, before it is done.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "pinned_ips/history.h"
#include "tools/zone_edit/session.h"

namespace dnsd {

struct ContractEffect {
  Instant at;
  std::string what;  // "203.0.113.9/32 (proxy-0005) is answered from then on"
};

// Of the records that the edit comes to, by instant. `after`: the history with them.
std::vector<ContractEffect> contract_effects(std::span<const LedgerRecord> records, const History& after);

// "2026-12-10T12:00:00Z (2026-12-10 13:00 CET)": UTC, and the local time of whoever reads it.
std::string both_times(Instant instant);

std::string effects_text(std::span<const ContractEffect> effects, Instant now);
Json effects_json(std::span<const ContractEffect> effects);

}  // namespace dnsd
