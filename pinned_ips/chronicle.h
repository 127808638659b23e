// Every issue of the feed there has been: the ledger's records and the instants that they set, in order. The serial
// is the number of the issue, so it rises by exactly one with each change of the document's meaning, never falls, and
// is the same on every server with the same ledger.
//
// Thread safety: const use from any number of threads.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pinned_ips/feed_view.h"
#include "pinned_ips/history.h"

namespace dnsd {

// One issue: what the feed said from its `at` until the next one's.
struct FeedIssue {
  FeedStamp stamp;
  Instant at;              // the instant whose passing, or record, made it
  size_t records = 0;      // how many of the ledger's records it knows
};

// What changed for an entry from one issue to the next; the bodies of webhooks and changes.json are made of these.
struct FeedEvent {
  enum class Kind : uint8_t { announced, rescheduled, cancelled, enabled, draining, retired, revoked };
  Kind kind;
  uint64_t serial;   // of the issue that brought it
  Instant at;        // of that issue
  Instant effective_at;
  std::string set, entry, cidr;
};
std::string_view to_text(FeedEvent::Kind kind);  // "announced", …

class Chronicle {
 public:
  // The issues that `records` (the whole ledger, in order) and time make until `now`.
  static Result<Chronicle> of(std::span<const LedgerRecord> records, Instant now);

  // The last serial that was published before there was a ledger. Precondition: there are no records yet.
  void begin_after(uint64_t serial) { history_.base_serial = serial; }

  // Goes on with records that were appended and time that passed. After a failure (records that cannot follow) this
  // must not be used any more: work on a copy.
  Status extend(std::span<const LedgerRecord> more, Instant now);

  const std::vector<FeedIssue>& issues() const { return issues_; }  // ascending by serial, without holes
  const FeedIssue* issue(uint64_t serial) const;                    // null: there is none
  const FeedIssue* issue_at(Instant instant) const;                 // in force then; null before the first
  const FeedIssue* issue_at_end() const { return issues_.empty() ? nullptr : &issues_.back(); }
  uint64_t first_serial() const { return history_.base_serial + 1; }
  // What was promised when that issue was in force. Costs a pass over the records.
  std::vector<PromisedSet> sets_of(const FeedIssue& issue) const;
  // Of all issues after `serial`, in order. Costs a pass over the records.
  std::vector<FeedEvent> events_since(uint64_t serial) const;

  // All records folded.
  const History& history() const { return history_; }
  const std::vector<LedgerRecord>& records() const { return records_; }
  // The first instant at which a new issue comes by itself, after the one it was extended to; none if never.
  std::optional<Instant> next_change() const;

 private:
  Status pass_time(Instant until);
  Status note_issue(Instant at);

  std::vector<LedgerRecord> records_;
  History history_;
  Instant until_;
  std::vector<FeedIssue> issues_;
};

// The issue, ready to be rendered.
struct IssuedFeed {
  std::vector<PromisedSet> sets;
  FeedStamp stamp;
  Instant at;

  FeedView view(std::string_view public_url) const { return {sets, stamp, at, public_url}; }
};
// None where there is none: nothing was ever listed.
std::optional<IssuedFeed> issued(const Chronicle& chronicle, const FeedIssue* issue);

}  // namespace dnsd
