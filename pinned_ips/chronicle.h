// Every issue of the feed there has been: the ledger's records and the instants that they set, in order. The serial
// is the number of the issue, so it rises by exactly one with each change of the document's meaning, never falls, and
// is the same on every server with the same ledger.
//
// Thread safety: const use from any number of threads.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pinned_ips/feed_view.h"
#include "pinned_ips/ledger_record.h"

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
  static Result<Chronicle> of(std::vector<LedgerRecord> records, Instant now);

  const std::vector<FeedIssue>& issues() const { return issues_; }  // ascending by serial, without holes
  const FeedIssue* issue(uint64_t serial) const;                    // null: there is none
  const FeedIssue* issue_at(Instant instant) const;                 // in force then; null before the first
  // What was promised when that issue was in force. Costs a pass over the records.
  std::vector<PromisedSet> sets_of(const FeedIssue& issue) const;
  // Of all issues after `serial`, in order.
  std::vector<FeedEvent> events_since(uint64_t serial) const;

 private:
  std::vector<LedgerRecord> records_;
  std::vector<FeedIssue> issues_;
};

}  // namespace dnsd
