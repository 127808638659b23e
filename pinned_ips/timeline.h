// When each address of a pinned set is answered: FEED.md's time rules, as pure functions of the set and an instant.
//
// Thread safety: pure. Units: UTC seconds.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "pinned_ips/pinned_set.h"

namespace dnsd {

// First instant at which the entry may be answered: D 12:00Z for a date D (by then D has begun in every time zone),
// an instant as it stands.
Instant enabled_at(const PinnedEntry& entry);

// First instant at which the entry is no longer answered, none if it stays: for a date R it is 10:00Z less the
// TTL, so that no cache holds it on R in any time zone; for an instant, that instant less the TTL. Never before
// enabled_at().
std::optional<Instant> last_answer_at(const PinnedEntry& entry, uint32_t ttl);

// When the host behind it may go: (R+1) 12:00Z for a date R, an instant as it stands.
std::optional<Instant> retired_at(const PinnedEntry& entry);

// The record of the announcement, as late as the words allow: the end of the day for a date, an instant as it stands.
Instant published_at(const PinnedEntry& entry);

enum class EntryState : uint8_t {
  announced,  // in the feed, not yet enabled
  standby,    // enabled, no address in service
  active,     // enabled, answered
  draining,   // no longer answered, the host still lives
  retired,
};
EntryState state_at(const PinnedEntry& entry, uint32_t ttl, Instant now);
std::string_view to_text(EntryState state);

// The addresses answered at `now`, sorted (IPv4 first, by number), without duplicates.
std::vector<IpAddress> addresses_at(const PinnedSet& set, Instant now);

// The first instant after `now` at which addresses_at() may differ; none if it never does.
std::optional<Instant> next_answer_change(const PinnedSet& set, Instant now);
// The first instant after `now` at which the state of any entry changes (what the feed shows); none if it never does.
std::optional<Instant> next_state_change(const PinnedSet& set, Instant now);

}  // namespace dnsd
