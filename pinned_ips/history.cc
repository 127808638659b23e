#include "pinned_ips/history.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "pinned_ips/date_rules.h"

namespace dnsd {
namespace {

std::string entry_id(const PromisedSet& set) {
  char number[16];
  std::snprintf(number, sizeof number, "-%04u", set.announced + 1);
  return set.name + number;
}

// The number in "proxy-0012"; 0 where the id is not of this set.
unsigned number_of(const PromisedSet& set, std::string_view id) {
  if (!id.starts_with(set.name + "-")) return 0;
  const std::string_view digits = id.substr(set.name.size() + 1);
  unsigned number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() && end == digits.data() + digits.size() ? number : 0;
}

// An entry of a feed of before keeps the id that it had there.
bool may_have_id(const PromisedSet& set, const PinEdit& edit) {
  if (edit.entry == entry_id(set)) return true;
  return edit.genesis && number_of(set, edit.entry) > 0 &&
         std::ranges::find(set.entries, edit.entry, &Promise::id) == set.entries.end();
}

// When a change of policy begins. What takes something away from the customers needs the notice they have now.
Instant policy_begins(const PromisedSet* set, const PinnedPolicy& wanted, Instant now) {
  if (!set) return now;
  const PinnedPolicy& is = set->policy_at(now);
  const bool loosens = wanted.notice < is.notice || wanted.quarantine < is.quarantine ||
                       wanted.retention < is.retention || wanted.max_entries[0] > is.max_entries[0] ||
                       wanted.max_entries[1] > is.max_entries[1];
  return loosens ? now + is.whole_notice() : now;
}

void resolve_announcement(LedgerRecord& record) {
  const PinEdit& edit = record.edit;
  record.enabled_at = enabled_instant(edit.enabled);
  if (edit.waived) record.enabled_at = std::max(record.enabled_at, record.at);
  if (!edit.retired) return;
  record.last_answer_at = last_answer_instant(*edit.retired, edit.ttl, record.enabled_at);
  record.retired_at = std::max(retired_instant(*edit.retired), *record.last_answer_at);
}

// DNS obeys the earlier of two last answers, unless the later one was said a whole notice before the earlier.
void resolve_reschedule(LedgerRecord& record, const Promise& promise, const PinnedPolicy& policy) {
  const PinEdit& edit = record.edit;
  record.enabled_at = edit.enabled == promise.enabled ? promise.enabled_at : enabled_instant(edit.enabled);
  if (!edit.retired) return;
  record.last_answer_at = last_answer_instant(*edit.retired, edit.ttl, record.enabled_at);
  record.retired_at = std::max(retired_instant(*edit.retired), *record.last_answer_at);
  if (!promise.last_answer_at) return;
  const bool in_time = record.at + policy.whole_notice() <= *promise.last_answer_at;
  if (!in_time) record.last_answer_at = std::min(*record.last_answer_at, *promise.last_answer_at);
}

Failure cannot_follow(const LedgerRecord& record, const std::string& why) {
  return Failure{"record " + std::to_string(record.seq) + " cannot follow the one before it: " + why};
}

void announce(PromisedSet& set, const LedgerRecord& record) {
  const PinEdit& edit = record.edit;
  Promise promise;
  promise.id = edit.entry;
  promise.cidr = edit.cidr;
  promise.facility = edit.facility;
  promise.reason = edit.reason;
  promise.published = edit.published.value_or(DateOrInstant{false, record.at});
  promise.published_at = promise.published.instant;
  promise.enabled = edit.enabled;
  promise.retired = edit.retired;
  promise.enabled_at = record.enabled_at;
  promise.last_answer_at = record.last_answer_at;
  promise.retired_at = record.retired_at;
  promise.notice = set.policy_at(record.at).notice;
  promise.genesis = edit.genesis;
  promise.waived = edit.waived;
  promise.addresses = edit.addresses;
  promise.standby = edit.standby;
  const Instant said = edit.genesis ? promise.published_at : record.at;
  promise.changes.push_back({edit.waived ? "waived" : "announced", said, promise.enabled_at});
  if (promise.last_answer_at) promise.changes.push_back({"retiring", said, *promise.last_answer_at});
  set.announced = std::max(set.announced + 1, number_of(set, edit.entry));
  set.entries.push_back(std::move(promise));
}

void reschedule(Promise& promise, const LedgerRecord& record) {
  if (record.enabled_at != promise.enabled_at)
    promise.changes.push_back({"rescheduled", record.at, record.enabled_at});
  if (record.last_answer_at && (record.last_answer_at != promise.last_answer_at || record.edit.retired != promise.retired))
    promise.changes.push_back({"retiring", record.at, *record.last_answer_at});
  if (!record.last_answer_at && promise.last_answer_at) promise.changes.push_back({"rescheduled", record.at, record.at});
  promise.enabled = record.edit.enabled;
  promise.retired = record.edit.retired;
  promise.enabled_at = record.enabled_at;
  promise.last_answer_at = record.last_answer_at;
  promise.retired_at = record.retired_at;
}

void change(Promise& promise, const LedgerRecord& record) {
  const PinEdit& edit = record.edit;
  if (edit.kind == EditKind::reschedule) return reschedule(promise, record);
  if (edit.kind == EditKind::describe) {
    promise.facility = edit.facility;
    promise.addresses = edit.addresses;
    promise.standby = edit.standby;
  }
  promise.reason = edit.reason;
  if (edit.kind == EditKind::cancel) {
    promise.cancelled_at = record.at;
    promise.changes.push_back({"cancelled", record.at, record.at});
  } else if (edit.kind == EditKind::revoke) {
    promise.revoked_at = record.at;
    promise.changes.push_back({"revoked", record.at, record.at});
  } else if (edit.kind == EditKind::waive) {
    promise.waived = true;
    promise.enabled_at = record.enabled_at;
    promise.changes.push_back({"waived", record.at, record.enabled_at});
  }
}

void set_policy(History& history, const LedgerRecord& record) {
  PromisedSet* set = history.find(record.edit.set);
  if (!set) {
    const auto place = std::ranges::lower_bound(history.sets, record.edit.set, {}, &PromisedSet::name);
    set = &*history.sets.insert(place, PromisedSet{record.edit.set, {}, {}, 0});
  }
  std::erase_if(set->policies, [&](const PolicyChange& c) { return c.at >= record.effective_at || c.at > record.at; });
  set->policies.push_back({record.effective_at, record.edit.policy});
}

}  // namespace

PromisedSet* History::find(std::string_view set) {
  const auto found = std::ranges::find(sets, set, &PromisedSet::name);
  return found == sets.end() ? nullptr : &*found;
}

const PromisedSet* History::find(std::string_view set) const {
  const auto found = std::ranges::find(sets, set, &PromisedSet::name);
  return found == sets.end() ? nullptr : &*found;
}

const Promise* find_promise(const History& history, const PinEdit& edit) {
  const PromisedSet* set = history.find(edit.set);
  if (!set) return nullptr;
  const auto found = std::ranges::find(set->entries, edit.entry, &Promise::id);
  return found == set->entries.end() ? nullptr : &*found;
}

LedgerRecord record_of(const History& history, PinEdit edit, Instant now, std::string actor, uint64_t batch) {
  LedgerRecord record;
  record.seq = history.seq + 1;
  record.batch = batch ? batch : record.seq;
  record.at = record.effective_at = now;
  record.actor = std::move(actor);
  const PromisedSet* set = history.find(edit.set);
  const Promise* promise = find_promise(history, edit);
  record.edit = std::move(edit);
  switch (record.edit.kind) {
    case EditKind::policy: record.effective_at = policy_begins(set, record.edit.policy, now); break;
    case EditKind::announce:
      if (!may_have_id(*set, record.edit)) record.edit.entry = entry_id(*set);
      resolve_announcement(record);
      break;
    case EditKind::reschedule: resolve_reschedule(record, *promise, set->policy_at(now)); break;
    case EditKind::waive: record.enabled_at = now; break;
    default: break;
  }
  return record;
}

Status apply(History& history, const LedgerRecord& record) {
  const PinEdit& edit = record.edit;
  if (record.seq != history.seq + 1)
    return cannot_follow(record, "the last one is " + std::to_string(history.seq));
  if (record.at < history.last_at) return cannot_follow(record, "its instant lies before " + to_text(history.last_at));
  if (record.batch < history.batch || record.batch > record.seq ||
      (record.batch != history.batch && record.batch != record.seq))
    return cannot_follow(record, "its batch is " + std::to_string(record.batch));
  if ((edit.kind == EditKind::begin) != (record.seq == 1)) return cannot_follow(record, "a ledger begins once");
  if (edit.kind == EditKind::begin) {
    history.base_serial = edit.serial;
  } else if (edit.kind == EditKind::policy) {
    set_policy(history, record);
  } else {
    PromisedSet* set = history.find(edit.set);
    if (!set) return cannot_follow(record, "there is no set '" + edit.set + "'");
    const auto promise = std::ranges::find(set->entries, edit.entry, &Promise::id);
    if (edit.kind == EditKind::announce) {
      if (!may_have_id(*set, edit)) return cannot_follow(record, "its entry should be " + entry_id(*set));
      announce(*set, record);
    } else {
      if (promise == set->entries.end()) return cannot_follow(record, "there is no entry '" + edit.entry + "'");
      change(*promise, record);
    }
  }
  history.seq = record.seq;
  history.batch = record.batch;
  history.last_at = record.at;
  return Done{};
}

Result<History> fold(std::span<const LedgerRecord> records) {
  History history;
  for (const LedgerRecord& record : records)
    if (const Status applied = apply(history, record); !applied) return applied.failure();
  return history;
}

}  // namespace dnsd
