#include "pinned_ips/promise.h"

#include <algorithm>
#include <array>

namespace dnsd {
namespace {

// Keeps in `first` the earliest candidate that lies after `now`.
void consider(std::optional<Instant>& first, std::optional<Instant> candidate, Instant now) {
  if (!candidate || *candidate <= now) return;
  if (!first || *candidate < *first) first = candidate;
}

bool is_answerable(const Promise& promise, const PinnedPolicy& policy, Instant now) {
  const PromiseState state = state_at(promise, policy, now);
  return state == PromiseState::active || state == PromiseState::standby;
}

bool contains(const std::vector<IpAddress>& list, const IpAddress& address) {
  return std::ranges::find(list, address) != list.end();
}

void sort_unique(std::vector<IpAddress>& list) {
  std::ranges::sort(list);
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

// What enabled entries bring, of one family.
struct Supply {
  std::vector<IpAddress> in_service, standby;
};

Supply supply_of(const PromisedSet& set, Family family, Instant now) {
  Supply supply;
  const auto append = [family](const std::vector<IpAddress>& from, std::vector<IpAddress>& to) {
    std::ranges::copy_if(from, std::back_inserter(to), [family](const IpAddress& a) { return a.family() == family; });
  };
  for (const Promise& promise : set.entries) {
    if (!is_answerable(promise, set.policy_at(now), now)) continue;
    append(promise.addresses, supply.in_service);
    append(promise.standby, supply.standby);
  }
  sort_unique(supply.in_service);
  return supply;
}

// As many as are promised, from what lives; all that are promised where nothing does.
std::vector<IpAddress> chosen(const Supply& supply, const std::vector<IpAddress>& out) {
  std::vector<IpAddress> chosen;
  const auto take = [&](const std::vector<IpAddress>& from) {
    for (const IpAddress& address : from)
      if (chosen.size() < supply.in_service.size() && !contains(out, address) && !contains(chosen, address))
        chosen.push_back(address);
  };
  take(supply.in_service);
  take(supply.standby);
  return chosen.empty() ? supply.in_service : chosen;
}

}  // namespace

std::string_view to_text(PromiseState state) {
  static constexpr std::array<std::string_view, 8> words = {"announced", "standby",     "active",    "draining",
                                                            "retired",   "quarantined", "cancelled", "revoked"};
  return words[static_cast<size_t>(state)];
}

const PinnedPolicy& PromisedSet::policy_at(Instant now) const {
  const PinnedPolicy* policy = &policies.front().policy;
  for (const PolicyChange& change : policies)
    if (change.at <= now) policy = &change.policy;
  return *policy;
}

PromiseState state_at(const Promise& promise, const PinnedPolicy& policy, Instant now) {
  if (promise.revoked_at && now >= *promise.revoked_at) return PromiseState::revoked;
  if (promise.cancelled_at && now >= *promise.cancelled_at) return PromiseState::cancelled;
  if (now < promise.enabled_at) return PromiseState::announced;
  if (promise.last_answer_at && now >= *promise.last_answer_at) {
    if (now < *promise.retired_at) return PromiseState::draining;
    const bool is_new = now < *promise.retired_at + promise.notice;
    return is_new || now >= *promise.retired_at + policy.quarantine ? PromiseState::retired : PromiseState::quarantined;
  }
  return promise.addresses.empty() ? PromiseState::standby : PromiseState::active;
}

bool is_listed(const Promise& promise, const PinnedPolicy& policy, Instant now) {
  if (promise.cancelled_at) return now < *promise.cancelled_at + promise.notice;
  if (promise.revoked_at) return now < *promise.revoked_at + policy.retention;
  return !promise.retired_at || now < *promise.retired_at + policy.retention;
}

bool is_live(PromiseState state) { return state <= PromiseState::draining; }

std::vector<IpAddress> addresses_at(const PromisedSet& set, const std::vector<IpAddress>& out, Instant now) {
  std::vector<IpAddress> addresses;
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    const std::vector<IpAddress> of_family = chosen(supply_of(set, family, now), out);
    addresses.insert(addresses.end(), of_family.begin(), of_family.end());
  }
  sort_unique(addresses);
  return addresses;
}

std::optional<Instant> next_answer_change(const PromisedSet& set, Instant now) {
  std::optional<Instant> first;
  for (const Promise& promise : set.entries) {
    if (promise.cancelled_at || promise.revoked_at || (promise.addresses.empty() && promise.standby.empty())) continue;
    consider(first, promise.enabled_at, now);
    consider(first, promise.last_answer_at, now);
  }
  return first;
}

std::optional<Instant> next_feed_change(const PromisedSet& set, Instant now) {
  std::optional<Instant> first;
  const PinnedPolicy& policy = set.policy_at(now);
  for (const PolicyChange& change : set.policies) consider(first, change.at, now);
  for (const Promise& promise : set.entries) {
    if (promise.cancelled_at) {
      consider(first, *promise.cancelled_at + promise.notice, now);
    } else if (promise.revoked_at) {
      consider(first, *promise.revoked_at + policy.retention, now);
    } else {
      consider(first, promise.enabled_at, now);
      consider(first, promise.last_answer_at, now);
      if (!promise.retired_at) continue;
      for (const Duration later : {Duration{}, promise.notice, policy.quarantine, policy.retention})
        consider(first, *promise.retired_at + later, now);
    }
  }
  return first;
}

}  // namespace dnsd
