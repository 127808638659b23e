#include "pinned_ips/reconcile.h"

#include <algorithm>
#include <map>

#include "pinned_ips/date_rules.h"
#include "pinned_ips/may_apply.h"

namespace dnsd {
namespace {

// A row of the file and the entry of the ledger that it is about; null: a new one.
struct Match {
  const PinnedEntry* row;
  const Promise* promise;
};

struct Matching {
  std::vector<Match> rows;                // in the order of the file
  std::vector<const Promise*> left_over;  // listed, and no row is about them
};

// A row has no id: it is about the entry of its prefix with its `enabled`; else about the live one of its prefix.
Matching match_rows(const PinnedSet& set, const PromisedSet& promised, Instant now) {
  const PinnedPolicy& policy = promised.policy_at(now);
  std::vector<const Promise*> left;
  for (const Promise& p : promised.entries) left.push_back(&p);
  const auto take = [&](auto accepts) -> const Promise* {
    const auto found = std::ranges::find_if(left, accepts);
    if (found == left.end()) return nullptr;
    const Promise* promise = *found;
    left.erase(found);
    return promise;
  };
  Matching matching;
  for (const PinnedEntry& row : set.entries)
    matching.rows.push_back(
        {&row, take([&](const Promise* p) { return p->cidr == row.cidr && p->enabled == row.enabled; })});
  for (Match& match : matching.rows) {
    if (match.promise) continue;
    match.promise = take([&](const Promise* p) {
      return p->cidr == match.row->cidr && is_live(state_at(*p, policy, now));
    });
  }
  for (const Promise* p : left)
    if (is_listed(*p, policy, now)) matching.left_over.push_back(p);
  return matching;
}

// The numbers that may change at once, and those that wait for the old notice.
PinnedPolicy tightened(const PinnedPolicy& is, const PinnedPolicy& wanted) {
  PinnedPolicy now = wanted;
  now.notice = std::max(is.notice, wanted.notice);
  now.quarantine = std::max(is.quarantine, wanted.quarantine);
  now.retention = std::max(is.retention, wanted.retention);
  for (size_t f = 0; f < 2; ++f) now.max_entries[f] = std::min(is.max_entries[f], wanted.max_entries[f]);
  return now;
}

class Reconciliation {
 public:
  Reconciliation(const History& history, Instant now, const std::string& actor, const LineSource& line_source,
                 Diagnostics& out)
      : now_(now), actor_(actor), line_source_(line_source), out_(out), begins_(history.seq == 0) {
    result_.history = history;
    if (begins_) grant({.kind = EditKind::begin, .serial = history.base_serial}, {});
  }

  // What takes away from one entry makes room for others: so the order of kinds, over all sets.
  Reconciled run(std::span<const PinnedSet> sets) {
    for (const PinnedSet& set : sets) set_policy(set);
    std::vector<std::pair<const PinnedSet*, Matching>> all;
    for (const PinnedSet& set : sets)
      if (const PromisedSet* promised = before_entries(set)) all.emplace_back(&set, match_rows(set, *promised, now_));
    for (const auto& [set, matching] : all) report_deleted(*set, matching);
    report_deleted_sets(sets);
    // Edits change the history that `promise` points into: by id from here on.
    std::vector<std::vector<std::string>> ids;
    for (const auto& [set, matching] : all) {
      std::vector<std::string>& of_set = ids.emplace_back();
      for (const Match& match : matching.rows) of_set.push_back(match.promise ? match.promise->id : std::string());
    }
    for (const Step step : {&Reconciliation::end, &Reconciliation::reschedule, &Reconciliation::describe,
                            &Reconciliation::announce}) {
      for (size_t i = 0; i < all.size(); ++i)
        for (size_t r = 0; r < ids[i].size(); ++r) (this->*step)(*all[i].first, *all[i].second.rows[r].row, ids[i][r]);
    }
    return std::move(result_);
  }

 private:
  using Step = void (Reconciliation::*)(const PinnedSet&, const PinnedEntry&, const std::string& id);

  const PromisedSet* before_entries(const PinnedSet& set) const { return result_.history.find(set.name); }

  const Promise& promise_of(const PinnedSet& set, const std::string& id) const {
    return *find_promise(result_.history, {.set = set.name, .entry = id});
  }

  void error(const Place& place, std::string message) {
    out_.error(place, std::move(message), line_source_ ? line_source_(place) : std::string());
  }

  static const Place& place_of(const PinnedEntry& row, Refusal::About about) {
    if (about == Refusal::About::enabled) return row.enabled_place;
    return about == Refusal::About::retired && row.retired ? row.retired_place : row.place;
  }

  // Whether it was allowed. `row`: that the edit is about, for the place of a refusal; null: `place` is.
  bool grant(PinEdit edit, const Place& place, const PinnedEntry* row = nullptr) {
    const uint64_t batch = result_.records.empty() ? 0 : result_.records.front().seq;
    if (const std::optional<Refusal> refusal = may_apply(result_.history, edit, now_, batch)) {
      error(row ? place_of(*row, refusal->about) : place, refusal->reason);
      return false;
    }
    LedgerRecord record = record_of(result_.history, std::move(edit), now_, actor_, batch);
    if (const Status applied = apply(result_.history, record); !applied) {
      error(place, applied.failure().message);
      return false;
    }
    result_.records.push_back(std::move(record));
    return true;
  }

  void set_policy(const PinnedSet& set) {
    PinEdit edit{.kind = EditKind::policy, .set = set.name, .policy = set.policy};
    const PromisedSet* promised = result_.history.find(set.name);
    if (!promised) return void(grant(std::move(edit), set.place));
    if (promised->policies.back().policy == set.policy) return;
    const PinnedPolicy is = promised->policy_at(now_);
    edit.policy = tightened(is, set.policy);
    if (edit.policy != is || promised->policies.back().at > now_) {
      if (!grant(edit, set.place)) return;
    }
    if (edit.policy == set.policy) return;
    edit.policy = set.policy;
    grant(std::move(edit), set.place);
  }

  void report_deleted(const PinnedSet& set, const Matching& matching) {
    for (const Promise* p : matching.left_over) error(set.place, deleted_text(set.name, *p));
  }

  void report_deleted_sets(std::span<const PinnedSet> sets) {
    for (const PromisedSet& set : result_.history.sets) {
      if (std::ranges::find(sets, set.name, &PinnedSet::name) != sets.end()) continue;
      for (const Promise& p : set.entries)
        if (is_listed(p, set.policy_at(now_), now_)) error({}, deleted_text(set.name, p));
    }
  }

  std::string deleted_text(const std::string& set, const Promise& p) const {
    const PinnedPolicy& policy = result_.history.find(set)->policy_at(now_);
    const std::string row = "the row of " + to_text(p.cidr) + " (" + p.id + ") of the pinned set '" + set + "' is gone";
    const PromiseState state = state_at(p, policy, now_);
    if (state == PromiseState::announced)
      return row + ", but it is announced: put it back, with `cancelled: true` to withdraw it";
    if (is_live(state)) return row + ", but customers rely on it: put it back and retire it";
    const Instant until = p.cancelled_at ? *p.cancelled_at + p.notice
                                         : (p.revoked_at ? *p.revoked_at : *p.retired_at) + policy.retention;
    return row + ", but the feed shows it until " + to_text(until) + ": put it back until then";
  }

  PinEdit edit_of(EditKind kind, const PinnedSet& set, const PinnedEntry& row, const std::string& id) const {
    PinEdit edit{.kind = kind, .set = set.name, .entry = id};
    edit.reason = row.reason;
    return edit;
  }

  void end(const PinnedSet& set, const PinnedEntry& row, const std::string& id) {
    if (id.empty()) return;
    const Promise& promise = promise_of(set, id);
    const auto undone = [&](const char* how, Instant at) {
      error(row.place, id + " (" + to_text(row.cidr) + ") was " + how + " at " + to_text(at) +
                           ": that cannot be undone; keep `" + how + ": true` here");
    };
    if (promise.revoked_at && !row.revoked) return undone("revoked", *promise.revoked_at);
    if (promise.cancelled_at && !row.cancelled) return undone("cancelled", *promise.cancelled_at);
    if (row.revoked && !promise.revoked_at) grant(edit_of(EditKind::revoke, set, row, id), row.place, &row);
    if (row.cancelled && !promise.cancelled_at) grant(edit_of(EditKind::cancel, set, row, id), row.place, &row);
  }

  void reschedule(const PinnedSet& set, const PinnedEntry& row, const std::string& id) {
    if (id.empty()) return;
    const Promise& promise = promise_of(set, id);
    if (promise.revoked_at || promise.cancelled_at) return;
    if (row.waived && !promise.waived) grant(edit_of(EditKind::waive, set, row, id), row.place, &row);
    if (row.enabled == promise.enabled && row.retired == promise.retired) return;
    PinEdit edit = edit_of(EditKind::reschedule, set, row, id);
    edit.enabled = row.enabled;
    edit.retired = row.retired;
    edit.ttl = set.ttl;
    grant(std::move(edit), row.place, &row);
  }

  void describe(const PinnedSet& set, const PinnedEntry& row, const std::string& id) {
    if (id.empty()) return;
    const Promise& promise = promise_of(set, id);
    if (row.facility == promise.facility && row.reason == promise.reason && row.addresses == promise.addresses &&
        row.standby == promise.standby)
      return;
    PinEdit edit = edit_of(EditKind::describe, set, row, id);
    edit.facility = row.facility;
    edit.addresses = row.addresses;
    edit.standby = row.standby;
    grant(std::move(edit), row.place, &row);
  }

  void announce(const PinnedSet& set, const PinnedEntry& row, const std::string& id) {
    if (!id.empty()) return;
    if (row.revoked || row.cancelled)
      return error(row.place, to_text(row.cidr) + " was never announced: there is nothing to " +
                                  (row.revoked ? "revoke" : "cancel") + "; remove the row");
    PinEdit edit = edit_of(EditKind::announce, set, row, {});
    edit.cidr = row.cidr;
    edit.facility = row.facility;
    edit.enabled = row.enabled;
    edit.retired = row.retired;
    edit.ttl = set.ttl;
    edit.genesis = begins_ && enabled_instant(row.enabled) <= now_;
    edit.waived = row.waived && !edit.genesis;
    edit.addresses = row.addresses;
    edit.standby = row.standby;
    grant(std::move(edit), row.place, &row);
  }

  const Instant now_;
  const std::string& actor_;
  const LineSource& line_source_;
  Diagnostics& out_;
  const bool begins_;
  Reconciled result_;
};

}  // namespace

Reconciled reconcile(const History& history, std::span<const PinnedSet> sets, Instant now, const std::string& actor,
                     const LineSource& line_source, Diagnostics& diagnostics) {
  // A first start without any set leaves the beginning to the first one that comes.
  if (history.seq == 0 && sets.empty()) return {{}, history};
  return Reconciliation(history, now, actor, line_source, diagnostics).run(sets);
}

}  // namespace dnsd
