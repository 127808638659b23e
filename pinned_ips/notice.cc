#include "pinned_ips/notice.h"

#include "pinned_ips/policy.h"
#include "pinned_ips/timeline.h"

namespace dnsd {
namespace {

constexpr int64_t seconds_of_day = 86400;

Instant day_of(Instant instant) { return {instant.seconds - instant.seconds % seconds_of_day}; }
Instant next_midnight(Instant instant) { return day_of(instant + Duration{seconds_of_day - 1}); }

// In the way the operator wrote the value: the first day whose midnight is not before `earliest`, or `earliest`.
std::string earliest_text(Instant earliest, bool is_date) {
  return is_date ? "date is " + date_text(next_midnight(earliest)) : "instant is " + to_text(earliest);
}

class NoticeCheck {
 public:
  NoticeCheck(const PinnedSet& set, Duration max_age, Instant now, const LineSource& line_source, Diagnostics& out)
      : set_(set), max_age_(max_age), now_(now), line_source_(line_source), out_(out) {}

  void check(const PinnedEntry& entry) {
    PinnedEntry as_of_today = entry;
    if (entry.published.instant > now_) {  // for a date: its midnight, so that today will do
      as_of_today.published = {true, day_of(now_)};
      error(entry.published_place, "published " + to_text(entry.published) + " lies in the future, but an entry is " +
                                       "public as soon as it is listed; the latest date is " + date_text(now_));
    }
    // Where `published` cannot be right, the rest is judged by the best that could stand there instead.
    const Instant record = published_at(as_of_today);
    check_enabled(entry, record);
    if (entry.retired) check_retired(entry, record);
  }

  // In the order of the file, so that it is the rows added last that are too many.
  void check_count(const PinnedEntry& entry) {
    if (state_at(entry, set_.ttl, now_) == EntryState::retired) return;
    const bool is_v4 = entry.cidr.family() == Family::ipv4;
    if (++(is_v4 ? live_v4_ : live_v6_) <= max_entries_per_family) return;
    error(entry.place, "the feed promises at most " + std::to_string(max_entries_per_family) +
                           (is_v4 ? " IPv4" : " IPv6") + " entries of a set that are not retired, and " +
                           to_text(entry.cidr) + " is one more; announce a shorter prefix or retire another entry");
  }

 private:
  void check_enabled(const PinnedEntry& entry, Instant record) {
    const bool is_date = entry.enabled.is_date;
    const Instant earliest = record + set_.notice + (is_date ? Duration{} : max_age_);
    if (entry.enabled.instant >= earliest) return;
    error(entry.enabled_place, "enabled " + to_text(entry.enabled) + too_short(record) + "; the earliest " +
                                   earliest_text(earliest, is_date));
  }

  // The row's announcement is the only record of its retirement too, until a ledger keeps one of each change: a
  // `retired` that was added later to a row announced long ago is judged as if it had stood there from the start.
  void check_retired(const PinnedEntry& entry, Instant record) {
    const Instant last = *last_answer_at(entry, set_.ttl);
    const Instant due = record + set_.notice + max_age_;
    if (last == enabled_at(entry)) {
      error(entry.retired_place, "retired " + to_text(*entry.retired) + " lies so early that " + to_text(entry.cidr) +
                                     ", enabled " + to_text(enabled_at(entry)) + ", would never be answered; " +
                                     earliest_retirement(std::max(due, enabled_at(entry) + Duration{1}), entry));
    } else if (last < due) {
      error(entry.retired_place, "retired " + to_text(*entry.retired) + " (last answered " + to_text(last) + ")" +
                                     too_short(record) + "; " + earliest_retirement(due, entry));
    }
  }

  // The earliest `retired` whose last answer is at `last` or later: last_answer_at() turned round.
  std::string earliest_retirement(Instant last, const PinnedEntry& entry) const {
    const bool is_date = entry.retired->is_date;
    const Instant gone = last + Duration{set_.ttl};
    return "the earliest " + earliest_text(is_date ? gone + hours(14) : gone, is_date);
  }

  std::string too_short(Instant record) const {
    return " is less than the notice of " + to_text(set_.notice) + " after " + to_text(record) +
           ", from when the announcement counts";
  }

  void error(const Place& place, std::string message) {
    out_.error(place, std::move(message), line_source_ ? line_source_(place) : std::string());
  }

  const PinnedSet& set_;
  Duration max_age_;
  Instant now_;
  const LineSource& line_source_;
  Diagnostics& out_;
  unsigned live_v4_ = 0, live_v6_ = 0;
};

}  // namespace

void check_notice(const PinnedSet& set, Duration max_age, Instant now, const LineSource& line_source,
                  Diagnostics& diagnostics) {
  NoticeCheck check(set, max_age, now, line_source, diagnostics);
  for (const PinnedEntry& entry : set.entries) {
    check.check(entry);
    check.check_count(entry);
  }
}

}  // namespace dnsd
