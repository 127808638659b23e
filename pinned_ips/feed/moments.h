// What happens to the listed entries and when, in words: calendar, Atom and page tell the same story.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pinned_ips/feed_view.h"

namespace dnsd {

struct Moment {
  enum class Kind : uint8_t {
    enabled,      // begins to be answered
    last_answer,  // no longer is
    retired,      // may go from firewalls
    revoked,      // must go from firewalls
  };
  Kind kind;
  Instant at;
  bool is_off = false;  // it was to come, but the entry was cancelled or revoked before
  FeedRow row;
};
std::string_view to_text(Moment::Kind kind);  // "enabled", "last-answer", …

// By instant, then by the id of the entry. What the ledger found already there has no `enabled`.
std::vector<Moment> moments(std::span<const PromisedSet> sets, Instant now);

// "192.0.2.77/32 (proxy) may be answered"
std::string headline(const Moment& moment);
// What a firewall's administrator does about it, a sentence.
std::string advice(const Moment& moment);

}  // namespace dnsd
