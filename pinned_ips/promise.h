// What was promised, as the ledger has it: the only thing that pinned answers and the feed are made of. The files in
// pinned_ips/ (pinned_set.h) ask; this is what was granted.
//
// Thread safety: plain data. Units: UTC seconds.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/ip_address.h"
#include "pinned_ips/policy.h"

namespace dnsd {

//   announced -> standby|active -> draining -> retired -> quarantined (-> retired)
//   announced -> cancelled;  anything that is not retired -> revoked
enum class PromiseState : uint8_t {
  announced,    // in the feed, not yet enabled: allow it now
  standby,      // enabled, no address of it in service
  active,       // enabled, answered
  draining,     // no longer answered, the host still lives
  retired,      // the host may be gone: remove it
  quarantined,  // retired for a notice period; its space may not be listed again yet
  cancelled,    // withdrawn before it was enabled; never answered
  revoked,      // lost or hijacked: remove it at once
};
std::string_view to_text(PromiseState state);

// One thing that was said about an entry, as the feed lists it.
struct PromiseChange {
  std::string change;    // "announced", "rescheduled", "retiring", "cancelled", "revoked", "waived"
  Instant at;            // when the feed first said so
  Instant effective_at;  // when it happens
  bool operator==(const PromiseChange&) const = default;
};

struct Promise {
  std::string id;  // "proxy-0012": set and number in it, for ever
  IpPrefix cidr;
  std::string facility, reason;
  DateOrInstant published, enabled;        // as they were written; `published` of an import is its date
  std::optional<DateOrInstant> retired;
  Instant published_at;                    // the ledger's record, or the import's date
  Instant enabled_at;                      // first instant at which it may be answered
  std::optional<Instant> last_answer_at;   // first instant at which it no longer is
  std::optional<Instant> retired_at;       // when the host may go
  std::optional<Instant> cancelled_at, revoked_at;
  Duration notice;                         // of the set when it was announced
  bool genesis = false;                    // stood there before the ledger began
  bool waived = false;                     // enabled without the whole notice: a breach, counted for ever
  std::vector<IpAddress> addresses;        // in service
  std::vector<IpAddress> standby;          // ready to take the place of those
  std::vector<PromiseChange> changes;      // oldest first
  bool operator==(const Promise&) const = default;
};

struct PolicyChange {
  Instant at;
  PinnedPolicy policy;
  bool operator==(const PolicyChange&) const = default;
};

struct PromisedSet {
  std::string name;
  std::vector<PolicyChange> policies;  // at least one, ascending; the last that has begun counts
  std::vector<Promise> entries;        // in the order of their announcement
  unsigned announced = 0;              // how many there have ever been, for ids

  const PinnedPolicy& policy_at(Instant now) const;
};

PromiseState state_at(const Promise& promise, const PinnedPolicy& policy, Instant now);

// Whether the public feed lists it: from its record until `retention` after its end (one notice where cancelled).
bool is_listed(const Promise& promise, const PinnedPolicy& policy, Instant now);
// A customer's firewall must have it now: announced, standby, active, draining.
bool is_live(PromiseState state);

// The addresses that may be answered at `now`, sorted (IPv4 first, by number), without duplicates.
// `out` are those of no use now (dead, or taken out by the operator): standbys of enabled entries take their places,
// and where none of a family would be left, those that are out stay in: an unannounced address is of no use to a
// client behind a firewall.
std::vector<IpAddress> addresses_at(const PromisedSet& set, const std::vector<IpAddress>& out, Instant now);

// The first instant after `now` at which addresses_at() may differ; none if it never does by itself.
std::optional<Instant> next_answer_change(const PromisedSet& set, Instant now);
// The first instant after `now` at which what the feed shows of the set changes by itself.
std::optional<Instant> next_feed_change(const PromisedSet& set, Instant now);

}  // namespace dnsd
