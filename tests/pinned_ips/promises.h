// Short ways to write what is asked for and what was promised, in tests.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "pinned_ips/reconcile.h"

namespace dnsd {

// Precondition of all: the text is right.
inline Instant at(std::string_view text) { return parse_date_or_instant(text)->instant; }
inline DateOrInstant moment(std::string_view text) { return *parse_date_or_instant(text); }
inline IpAddress address(std::string_view text) { return *IpAddress::parse(text); }

inline PinnedEntry row(std::string_view cidr, std::string_view enabled, std::string_view retired = {}) {
  PinnedEntry e;
  e.cidr = *IpPrefix::parse(cidr);
  e.enabled = moment(enabled);
  if (!retired.empty()) e.retired = moment(retired);
  if (e.cidr.is_single()) e.addresses = {e.cidr.address()};
  return e;
}

inline PinnedEntry with_addresses(PinnedEntry e, std::initializer_list<std::string_view> addresses) {
  e.addresses.clear();
  for (const std::string_view text : addresses) e.addresses.push_back(address(text));
  return e;
}

inline PinnedSet set_of(std::vector<PinnedEntry> entries, std::string name = "proxy") {
  PinnedSet set;
  set.name = std::move(name);
  set.entries = std::move(entries);
  return set;
}

// A ledger and the files beside it, as a server has them.
struct Contract {
  std::vector<PinnedSet> files;
  std::vector<LedgerRecord> records;
  History history;

  // Loads the files at `now`; what was refused, a line each. Empty: all was granted.
  std::string load(std::string_view now) { return load(at(now)); }
  std::string load(Instant now) {
    Diagnostics diagnostics;
    Reconciled reconciled = reconcile(history, files, now, "test", {}, diagnostics);
    std::string refused;
    for (const Diagnostic& d : diagnostics.all()) refused += d.message + "\n";
    if (!refused.empty()) return refused;
    records.insert(records.end(), reconciled.records.begin(), reconciled.records.end());
    history = std::move(reconciled.history);
    return {};
  }
  PinnedSet& set() { return files.front(); }
  PinnedEntry& entry(size_t i) { return files.front().entries[i]; }
  const Promise& promise(size_t i) const { return history.sets.front().entries.at(i); }
  PromiseState state(size_t i, std::string_view now) const {
    return state_at(promise(i), history.sets.front().policy_at(at(now)), at(now));
  }
  std::string answers(std::string_view now) const {
    std::string text;
    for (const IpAddress& a : addresses_at(history.sets.front(), files.front().out, at(now))) text += to_text(a) + " ";
    return text;
  }
};

}  // namespace dnsd
