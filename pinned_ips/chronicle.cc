#include "pinned_ips/chronicle.h"

#include <algorithm>
#include <array>
#include <map>

#include "pinned_ips/feed/digest.h"
#include "pinned_ips/feed/feed_document.h"

namespace dnsd {
namespace {

// The entries of an issue with their states, to be compared with those of the next one.
struct Seen {
  Promise promise;
  PromiseState state;
};
using SeenEntries = std::map<std::string, Seen>;

SeenEntries entries_of(const History& history, Instant at) {
  SeenEntries entries;
  for (const PromisedSet& set : history.sets)
    for (const Promise& promise : set.entries)
      entries.emplace(promise.id, Seen{promise, state_at(promise, set.policy_at(at), at)});
  return entries;
}

class EventsOfIssue {
 public:
  EventsOfIssue(const FeedIssue& issue, const std::string& set, std::vector<FeedEvent>& out)
      : issue_(issue), set_(set), out_(out) {}

  void compare(const Seen* before, const Seen& after) {
    using Kind = FeedEvent::Kind;
    const Promise& p = after.promise;
    if (!before && p.genesis) return;
    const PromiseState was = before ? before->state : PromiseState::announced;
    if (!before) add(Kind::announced, p, p.enabled_at);
    if (before && moments_differ(before->promise, p) && !p.cancelled_at && !p.revoked_at)
      add(Kind::rescheduled, p, next_moment(p));
    if (was == after.state) return;
    switch (after.state) {
      case PromiseState::announced: break;
      case PromiseState::standby:
      case PromiseState::active:
        if (was == PromiseState::announced) add(Kind::enabled, p, p.enabled_at);
        break;
      case PromiseState::draining: add(Kind::draining, p, *p.last_answer_at); break;
      case PromiseState::retired:
        if (was != PromiseState::quarantined) add(Kind::retired, p, *p.retired_at);
        break;
      case PromiseState::quarantined: break;
      case PromiseState::cancelled: add(Kind::cancelled, p, *p.cancelled_at); break;
      case PromiseState::revoked: add(Kind::revoked, p, *p.revoked_at); break;
    }
  }

 private:
  static bool moments_differ(const Promise& a, const Promise& b) {
    return a.enabled_at != b.enabled_at || a.last_answer_at != b.last_answer_at || a.retired_at != b.retired_at;
  }
  // What now comes first of what was changed.
  Instant next_moment(const Promise& p) const {
    if (p.enabled_at > issue_.at) return p.enabled_at;
    return p.last_answer_at.value_or(issue_.at);
  }
  void add(FeedEvent::Kind kind, const Promise& p, Instant effective_at) {
    out_.push_back({kind, issue_.stamp.serial, issue_.at, effective_at, set_, p.id, to_text(p.cidr)});
  }

  const FeedIssue& issue_;
  const std::string& set_;
  std::vector<FeedEvent>& out_;
};

}  // namespace

std::string_view to_text(FeedEvent::Kind kind) {
  static constexpr std::array<std::string_view, 7> words = {"announced", "rescheduled", "cancelled", "enabled",
                                                            "draining",  "retired",     "revoked"};
  return words[static_cast<size_t>(kind)];
}

Result<Chronicle> Chronicle::of(std::span<const LedgerRecord> records, Instant now) {
  Chronicle chronicle;
  if (const Status extended = chronicle.extend(records, now); !extended) return extended.failure();
  return chronicle;
}

Status Chronicle::extend(std::span<const LedgerRecord> more, Instant now) {
  while (!more.empty()) {
    const LedgerRecord& first = more.front();
    // What time does comes before what was recorded in the same second.
    if (const Status passed = pass_time(first.at); !passed) return passed;
    size_t count = 0;
    for (; count < more.size() && more[count].batch == first.batch; ++count) {
      if (const Status applied = apply(history_, more[count]); !applied) return applied;
      records_.push_back(more[count]);
    }
    if (const Status noted = note_issue(first.at); !noted) return noted;
    more = more.subspan(count);
  }
  return pass_time(now);
}

std::optional<Instant> Chronicle::next_change() const {
  std::optional<Instant> first;
  for (const PromisedSet& set : history_.sets) {
    const std::optional<Instant> next = next_feed_change(set, until_);
    if (next && (!first || *next < *first)) first = next;
  }
  return first;
}

Status Chronicle::pass_time(Instant until) {
  for (std::optional<Instant> next; (next = next_change()) && *next <= until;) {
    until_ = *next;
    if (const Status noted = note_issue(until_); !noted) return noted;
  }
  until_ = std::max(until_, until);
  return Done{};
}

// generated_at rises with every serial, even within one second: it becomes Last-Modified and the syncToken, which
// clients compare.
Status Chronicle::note_issue(Instant at) {
  const std::optional<std::string> meaning = feed_meaning(history_.sets, at);
  if (!meaning) return Done{};
  const Result<Sha256> digest = sha256(*meaning);
  if (!digest) return digest.failure();
  std::string text = hex(*digest);
  if (issues_.empty()) {
    issues_.push_back({{first_serial(), at, std::move(text)}, at, records_.size()});
  } else if (const FeedStamp& last = issues_.back().stamp; last.digest != text) {
    const Instant generated_at = std::max(at, last.generated_at + Duration{1});
    issues_.push_back({{last.serial + 1, generated_at, std::move(text)}, at, records_.size()});
  }
  return Done{};
}

const FeedIssue* Chronicle::issue(uint64_t serial) const {
  if (serial < first_serial() || serial - first_serial() >= issues_.size()) return nullptr;
  return &issues_[serial - first_serial()];
}

const FeedIssue* Chronicle::issue_at(Instant instant) const {
  const auto after = std::ranges::upper_bound(issues_, instant, {}, [](const FeedIssue& i) { return i.stamp.generated_at; });
  return after == issues_.begin() ? nullptr : &*std::prev(after);
}

std::vector<PromisedSet> Chronicle::sets_of(const FeedIssue& issue) const {
  Result<History> history = fold(std::span(records_).first(issue.records));
  return history ? std::move(history->sets) : std::vector<PromisedSet>();
}

std::vector<FeedEvent> Chronicle::events_since(uint64_t serial) const {
  std::vector<FeedEvent> events;
  History history;
  SeenEntries before;
  size_t folded = 0;
  for (const FeedIssue& issue : issues_) {
    for (; folded < issue.records; ++folded)
      if (!apply(history, records_[folded])) return events;
    SeenEntries after = entries_of(history, issue.at);
    if (issue.stamp.serial > serial) {
      for (const PromisedSet& set : history.sets) {
        EventsOfIssue of_issue(issue, set.name, events);
        for (const Promise& promise : set.entries) {
          const auto known = before.find(promise.id);
          of_issue.compare(known == before.end() ? nullptr : &known->second, after.at(promise.id));
        }
      }
    }
    before = std::move(after);
  }
  return events;
}

std::optional<IssuedFeed> issued(const Chronicle& chronicle, const FeedIssue* issue) {
  if (!issue) return std::nullopt;
  return IssuedFeed{chronicle.sets_of(*issue), issue->stamp, issue->at};
}

}  // namespace dnsd
