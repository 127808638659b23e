#include "pinned_ips/may_apply.h"

#include <algorithm>

#include "pinned_ips/date_rules.h"

namespace dnsd {
namespace {

using Verdict = std::optional<Refusal>;

struct Case {
  const History& history;
  const PinEdit& edit;
  const Instant now;
  const bool beginning;        // of the ledger
  const PromisedSet* set;      // null: there is none of this name
  const Promise* promise;      // the entry that the edit is about; null: there is none
  const LedgerRecord outcome;  // what the edit would come to; without meaning where set or promise are needed and missing

  const PinnedPolicy& policy() const { return set->policy_at(now); }
  PromiseState state_of(const Promise& p) const { return state_at(p, policy(), now); }
};

Verdict refuse(std::string reason, std::optional<Instant> earliest = std::nullopt,
               Refusal::About about = Refusal::About::entry) {
  return Refusal{std::move(reason), earliest, about};
}

std::string named(const Promise& promise) { return promise.id + " (" + to_text(promise.cidr) + ")"; }

std::string written_text(const DateOrInstant& moment) {
  return (moment.is_date ? "date is " : "instant is ") + to_text(moment);
}

Verdict check_enabled(const Case& in) {
  const DateOrInstant& enabled = in.edit.enabled;
  if (enabled_in_time(enabled, in.now, in.policy().notice)) return std::nullopt;
  const DateOrInstant earliest = earliest_enabled(in.now, in.policy().notice, enabled.is_date);
  return refuse("enabled " + to_text(enabled) + " is less than the notice of " + to_text(in.policy().notice) +
                    " after now, " + to_text(in.now) + "; the earliest " + written_text(earliest),
                earliest.instant, Refusal::About::enabled);
}

// That the last answer lies a whole notice ahead, and after the first one.
Verdict check_retired(const Case& in) {
  const PinEdit& edit = in.edit;
  if (!edit.retired) return std::nullopt;
  const Instant last = last_answer_instant(*edit.retired, edit.ttl, in.outcome.enabled_at);
  const Instant due = in.now + in.policy().whole_notice();
  const auto earliest = [&](Instant at) { return earliest_retired(at, edit.ttl, edit.retired->is_date); };
  if (last <= in.outcome.enabled_at) {
    const DateOrInstant first = earliest(std::max(due, in.outcome.enabled_at + Duration{1}));
    return refuse("retired " + to_text(*edit.retired) +
                      " lies so early that it would never be answered, for it is enabled " +
                      to_text(in.outcome.enabled_at) + "; the earliest " + written_text(first),
                  first.instant, Refusal::About::retired);
  }
  if (last >= due) return std::nullopt;
  const DateOrInstant first = earliest(due);
  return refuse("retired " + to_text(*edit.retired) + " (last answered " + to_text(last) + ") is less than the notice of " +
                    to_text(in.policy().notice) + " after now, " + to_text(in.now) + "; the earliest " +
                    written_text(first),
                first.instant, Refusal::About::retired);
}

Verdict check_inside(const IpPrefix& cidr, const PinEdit& edit) {
  for (const std::vector<IpAddress>* list : {&edit.addresses, &edit.standby})
    for (const IpAddress& address : *list)
      if (!cidr.contains(address)) return refuse(to_text(address) + " is not inside " + to_text(cidr));
  return std::nullopt;
}

// ---- announce -------------------------------------------------------------------------------------------------------

// The other form of the same space may stand beside a live one that goes, so that the space is listed all the time.
Verdict check_beside_live(const Case& in, const Promise& other) {
  const std::string overlaps = to_text(in.edit.cidr) + " overlaps " + named(other);
  if (in.edit.cidr == other.cidr && !other.retired_at)
    return refuse(to_text(in.edit.cidr) + " is listed already, as " + other.id + ": change that entry instead");
  if (!other.retired_at) return refuse(overlaps + ", which is live; retire that in the same edit or before");
  if (in.edit.cidr != other.cidr && in.outcome.enabled_at <= *other.retired_at) return std::nullopt;
  const Instant end = *other.retired_at + in.policy().quarantine;
  return refuse(overlaps + ", which retires at " + to_text(*other.retired_at) +
                    " and is in quarantine after that; it can be listed again from " + to_text(end) + " on" +
                    (in.edit.cidr == other.cidr ? ", or postpone its retirement" : ""),
                end);
}

Verdict check_after_end(const Case& in, const Promise& other, Instant ended) {
  const Instant end = ended + in.policy().quarantine;
  if (in.now >= end) return std::nullopt;
  return refuse(to_text(in.edit.cidr) + " overlaps " + named(other) + ", which " +
                    (other.revoked_at ? "was revoked" : "retired") + " at " + to_text(ended) +
                    " and is in quarantine for " + to_text(in.policy().quarantine) + "; it can be listed again from " +
                    to_text(end) + " on",
                end);
}

Verdict check_beside(const Case& in, const PromisedSet& set, const Promise& other) {
  const PromiseState state = in.state_of(other);
  if (state == PromiseState::cancelled) return std::nullopt;
  if (is_live(state)) {
    if (&set == in.set) return check_beside_live(in, other);
    return refuse(to_text(in.edit.cidr) + " overlaps " + named(other) + " of the set '" + set.name +
                  "': one address serves one set");
  }
  if (in.edit.genesis) return std::nullopt;
  return check_after_end(in, other, other.revoked_at ? *other.revoked_at : *other.retired_at);
}

Verdict check_space(const Case& in) {
  for (const PromisedSet& set : in.history.sets)
    for (const Promise& other : set.entries)
      if (other.cidr.overlaps(in.edit.cidr))
        if (Verdict verdict = check_beside(in, set, other)) return verdict;
  return std::nullopt;
}

unsigned live_count(const Case& in, Family family) {
  return static_cast<unsigned>(std::ranges::count_if(in.set->entries, [&](const Promise& p) {
    return p.cidr.family() == family && is_live(in.state_of(p));
  }));
}

Verdict check_room(const Case& in) {
  const Family family = in.edit.cidr.family();
  const unsigned most = in.policy().most(family);
  if (live_count(in, family) < most) return std::nullopt;
  return refuse("the feed promises at most " + std::to_string(most) +
                (family == Family::ipv4 ? " IPv4" : " IPv6") + " entries of a set that are not retired, and " +
                to_text(in.edit.cidr) + " is one more; announce a shorter prefix, retire another entry, or raise " +
                "max_entries");
}

Verdict check_waiver(const Case& in) {
  if (!in.policy().allow_waiver)
    return refuse("the set '" + in.set->name + "' does not allow a waiver of the notice; in an emergency set "
                  "allow_waiver: true");
  if (in.edit.reason.empty()) return refuse("a waiver of the notice needs a reason, for it is shown for ever");
  return std::nullopt;
}

// What a feed before us said: its end must have stood there long enough, too, or be over.
Verdict check_genesis(const Case& in) {
  if (!in.beginning) return refuse("only what stood there before the ledger began can be genesis; announce it");
  if (in.outcome.enabled_at > in.now && !in.edit.published) return refuse("it is not enabled yet: announce it");
  const Instant said = in.edit.published ? in.edit.published->instant : in.now;
  if (said > in.now) return refuse("published " + to_text(*in.edit.published) + " lies in the future");
  if (!in.edit.retired || *in.outcome.last_answer_at <= in.now) return std::nullopt;
  if (in.edit.published && said + in.policy().whole_notice() <= *in.outcome.last_answer_at) return std::nullopt;
  return check_retired(in);
}

Verdict may_announce(const Case& in) {
  if (!in.set) return refuse("there is no set '" + in.edit.set + "'");
  if (Verdict verdict = check_inside(in.edit.cidr, in.edit)) return verdict;
  if (in.edit.genesis) {
    if (Verdict verdict = check_genesis(in)) return verdict;
    const bool is_early = in.outcome.enabled_at > in.now &&
                          !enabled_in_time(in.edit.enabled, in.edit.published->instant, in.policy().notice);
    if (is_early) return refuse("enabled " + to_text(in.edit.enabled) + " is less than the notice after published " +
                                to_text(*in.edit.published));
  } else if (in.edit.waived) {
    if (Verdict verdict = check_waiver(in)) return verdict;
    if (Verdict verdict = check_retired(in)) return verdict;
  } else {
    if (Verdict verdict = check_enabled(in)) return verdict;
    if (Verdict verdict = check_retired(in)) return verdict;
  }
  if (Verdict verdict = check_space(in)) return verdict;
  const bool is_over = in.outcome.retired_at && *in.outcome.retired_at <= in.now;
  return is_over ? std::nullopt : check_room(in);
}

// ---- reschedule -----------------------------------------------------------------------------------------------------

Verdict check_ended(const Case& in) {
  const Promise& promise = *in.promise;
  if (promise.revoked_at) return refuse(named(promise) + " was revoked at " + to_text(*promise.revoked_at));
  if (promise.cancelled_at) return refuse(named(promise) + " was cancelled at " + to_text(*promise.cancelled_at));
  if (promise.retired_at && in.now >= *promise.retired_at)
    return refuse(named(promise) + " retired at " + to_text(*promise.retired_at) +
                  "; after the quarantine it can be announced anew");
  return std::nullopt;
}

Verdict check_new_enabled(const Case& in) {
  const Promise& promise = *in.promise;
  if (in.edit.enabled == promise.enabled) return std::nullopt;
  if (in.now >= promise.enabled_at)
    return refuse(named(promise) + " is enabled since " + to_text(promise.enabled_at) + ": that cannot be changed");
  if (in.outcome.enabled_at >= promise.enabled_at) return std::nullopt;
  return check_enabled(in);
}

Verdict check_kept(const Case& in) {  // a retirement taken back
  const Promise& promise = *in.promise;
  if (in.now + in.policy().whole_notice() <= *promise.last_answer_at) return std::nullopt;
  return refuse("customers were told that " + named(promise) + " goes at " + to_text(*promise.last_answer_at) +
                ", and that is less than the notice of " + to_text(in.policy().notice) +
                " ahead; postpone it: the host may stay longer, answers end as announced");
}

Verdict check_new_retired(const Case& in) {
  const Promise& promise = *in.promise;
  if (in.edit.retired == promise.retired) return std::nullopt;
  if (!in.edit.retired) return check_kept(in);
  const bool is_postponed = promise.retired && *in.outcome.retired_at >= *promise.retired_at &&
                            last_answer_instant(*in.edit.retired, in.edit.ttl, in.outcome.enabled_at) >=
                                *promise.last_answer_at;
  return is_postponed ? std::nullopt : check_retired(in);
}

Verdict may_reschedule(const Case& in) {
  if (Verdict verdict = check_ended(in)) return verdict;
  if (Verdict verdict = check_new_enabled(in)) return verdict;
  if (Verdict verdict = check_new_retired(in)) return verdict;
  if (in.outcome.last_answer_at && *in.outcome.last_answer_at <= in.outcome.enabled_at && in.now < in.promise->enabled_at)
    return refuse("enabled " + to_text(in.edit.enabled) + " is not before its last answer, " +
                  to_text(*in.outcome.last_answer_at) + "; cancel the entry instead");
  return std::nullopt;
}

// ---- the others -----------------------------------------------------------------------------------------------------

Verdict may_begin(const Case& in) {
  return in.history.seq == 0 ? std::nullopt : refuse("the ledger has begun already");
}

Verdict may_set_policy(const Case& in) {
  if (!in.set) return std::nullopt;
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    const unsigned live = live_count(in, family);
    if (in.edit.policy.most(family) < live && in.edit.policy.most(family) < in.policy().most(family))
      return refuse("max_entries " + std::to_string(in.edit.policy.most(family)) + " is less than the " +
                    std::to_string(live) + (family == Family::ipv4 ? " IPv4" : " IPv6") +
                    " entries that are live; retire some first");
  }
  return std::nullopt;
}

Verdict may_describe(const Case& in) { return check_inside(in.promise->cidr, in.edit); }

Verdict may_cancel(const Case& in) {
  if (Verdict verdict = check_ended(in)) return verdict;
  if (in.now < in.promise->enabled_at) return std::nullopt;
  return refuse(named(*in.promise) + " is enabled since " + to_text(in.promise->enabled_at) +
                ": it can be retired or revoked, not cancelled");
}

Verdict may_revoke(const Case& in) { return check_ended(in); }

Verdict may_waive(const Case& in) {
  if (Verdict verdict = check_ended(in)) return verdict;
  if (in.now >= in.promise->enabled_at)
    return refuse(named(*in.promise) + " is enabled since " + to_text(in.promise->enabled_at) +
                  ": there is nothing to waive");
  return check_waiver(in);
}

// By EditKind.
struct Rule {
  bool needs_promise;
  Verdict (*judge)(const Case&);
};
constexpr Rule rules[] = {{false, may_begin},   {false, may_set_policy}, {false, may_announce}, {true, may_reschedule},
                          {true, may_describe}, {true, may_cancel},      {true, may_revoke},    {true, may_waive}};

}  // namespace

std::optional<Refusal> may_apply(const History& history, const PinEdit& edit, Instant now, uint64_t batch) {
  const Rule& rule = rules[static_cast<size_t>(edit.kind)];
  const PromisedSet* set = history.find(edit.set);
  const Promise* promise = find_promise(history, edit);
  if (rule.needs_promise && !promise)
    return refuse("there is no entry '" + edit.entry + "' of the set '" + edit.set + "'");
  const bool outcome_known = set || (edit.kind != EditKind::announce && !rule.needs_promise);
  const bool beginning = history.seq > 0 && history.batch == 1 && batch == 1;
  return rule.judge({history, edit, now, beginning, set, promise,
                     outcome_known ? record_of(history, edit, now, {}) : LedgerRecord{}});
}

}  // namespace dnsd
