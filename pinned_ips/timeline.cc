#include "pinned_ips/timeline.h"

#include <algorithm>
#include <array>

namespace dnsd {
namespace {

// Day arithmetic on the last days of the year 9999 must not leave what RFC 3339 can write.
Instant within_calendar(Instant instant) { return std::min(instant, Instant::far_future()); }

bool has_addresses(const PinnedEntry& entry) { return !entry.addresses.empty() || entry.cidr.is_single(); }

// Keeps in `first` the earliest candidate that lies after `now`.
void consider(std::optional<Instant>& first, std::optional<Instant> candidate, Instant now) {
  if (!candidate || *candidate <= now) return;
  if (!first || *candidate < *first) first = candidate;
}

}  // namespace

Instant enabled_at(const PinnedEntry& entry) {
  return entry.enabled.is_date ? within_calendar(entry.enabled.instant + hours(12)) : entry.enabled.instant;
}

// Day R begins first in UTC+14, at 10:00Z: a cache filled one TTL before holds the address until then.
std::optional<Instant> last_answer_at(const PinnedEntry& entry, uint32_t ttl) {
  if (!entry.retired) return std::nullopt;
  const DateOrInstant& retired = *entry.retired;
  const Instant gone = retired.is_date ? retired.instant - days(1) + hours(10) : retired.instant;
  return std::max(gone - Duration{ttl}, enabled_at(entry));
}

// Day R ends last in UTC-12, at (R+1) 12:00Z.
std::optional<Instant> retired_at(const PinnedEntry& entry) {
  if (!entry.retired) return std::nullopt;
  const DateOrInstant& retired = *entry.retired;
  return retired.is_date ? within_calendar(retired.instant + days(1) + hours(12)) : retired.instant;
}

Instant published_at(const PinnedEntry& entry) {
  return entry.published.is_date ? within_calendar(entry.published.instant + days(1)) : entry.published.instant;
}

EntryState state_at(const PinnedEntry& entry, uint32_t ttl, Instant now) {
  if (now < enabled_at(entry)) return EntryState::announced;
  const std::optional<Instant> last = last_answer_at(entry, ttl);
  if (last && now >= *last) return now >= *retired_at(entry) ? EntryState::retired : EntryState::draining;
  return has_addresses(entry) ? EntryState::active : EntryState::standby;
}

std::string_view to_text(EntryState state) {
  static constexpr std::array<std::string_view, 5> words = {"announced", "standby", "active", "draining", "retired"};
  return words[static_cast<size_t>(state)];
}

std::vector<IpAddress> addresses_at(const PinnedSet& set, Instant now) {
  std::vector<IpAddress> addresses;
  for (const PinnedEntry& entry : set.entries) {
    if (state_at(entry, set.ttl, now) != EntryState::active) continue;
    addresses.insert(addresses.end(), entry.addresses.begin(), entry.addresses.end());
    if (entry.addresses.empty()) addresses.push_back(entry.cidr.address());
  }
  std::sort(addresses.begin(), addresses.end());
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  return addresses;
}

std::optional<Instant> next_answer_change(const PinnedSet& set, Instant now) {
  std::optional<Instant> first;
  for (const PinnedEntry& entry : set.entries) {
    if (!has_addresses(entry)) continue;
    consider(first, enabled_at(entry), now);
    consider(first, last_answer_at(entry, set.ttl), now);
  }
  return first;
}

std::optional<Instant> next_state_change(const PinnedSet& set, Instant now) {
  std::optional<Instant> first;
  for (const PinnedEntry& entry : set.entries) {
    consider(first, enabled_at(entry), now);
    consider(first, last_answer_at(entry, set.ttl), now);
    consider(first, retired_at(entry), now);
  }
  return first;
}

}  // namespace dnsd
