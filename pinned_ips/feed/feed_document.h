// The native document, /ip-ranges.json: every listed entry of every set with its dates, state and changes.
//
// The bytes depend on nothing but the promises, their states at `now` and the stamp: every server that shares a
// ledger gives the same bytes, at whatever moment between two changes it renders them.
//
// `published`, `enabled` and `retired` are days, for readers that know days only. Where an operator wrote an instant,
// the day is the one that keeps such a reader safe in any time zone: the address is not answered before `enabled` has
// begun everywhere, and no cache holds it when `retired` begins first. What was cancelled or revoked is retired on
// the day that happened, so that such a reader lets it go too. The *_at keys are exact.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "pinned_ips/feed_view.h"

namespace dnsd {

// None where no set has a listed entry: an empty feed is never served, since firewalls would empty their tables on
// it.
std::optional<std::string> feed_document(const FeedView& view);

// The document without serial, generated_at, valid_until, syncToken and createDate: where it differs from the last
// one, the serial must rise. None as above.
std::optional<std::string> feed_meaning(std::span<const PromisedSet> sets, Instant now);

// The first instant after `now` at which the feed of any set changes by itself; none if nothing is scheduled.
std::optional<Instant> next_feed_change(std::span<const PromisedSet> sets, Instant now);

// The days of an entry as the document gives them, see above.
std::string published_day(const Promise& promise);
std::string enabled_day(const Promise& promise);
std::optional<std::string> retired_day(const Promise& promise);
// When the last answer was given, or will have been: a revoked entry's not after its revocation.
std::optional<Instant> last_answer_of(const Promise& promise);
// When the host behind it may be gone, or it was cancelled or revoked.
std::optional<Instant> end_of(const Promise& promise);

// What all sets have kept to so far.
struct TrackRecord {
  std::optional<Duration> shortest_notice;  // of what was announced and not cancelled; none before the first
  size_t waivers = 0;                       // entries that were enabled without the whole notice, ever
  size_t revoked = 0;                       // entries lost or hijacked, ever
};
TrackRecord track_record(std::span<const PromisedSet> sets);

}  // namespace dnsd
