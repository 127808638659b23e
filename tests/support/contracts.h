// A ledger that is written step by step, for tests of what is made of it.
#pragma once

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "pinned_ips/chronicle.h"
#include "pinned_ips/reconcile.h"

namespace dnsd::testing {

inline Instant instant(std::string_view text) { return parse_date_or_instant(text)->instant; }

inline PinnedEntry pinned_row(std::string_view cidr, std::string_view enabled) {
  PinnedEntry entry;
  entry.cidr = *IpPrefix::parse(cidr);
  entry.enabled = *parse_date_or_instant(enabled);
  if (entry.cidr.is_single()) entry.addresses = {entry.cidr.address()};
  return entry;
}

struct WrittenLedger {
  PinnedSet set;
  std::vector<LedgerRecord> records;

  WrittenLedger() { set.name = "proxy"; }
  PinnedEntry& entry(size_t i) { return set.entries[i]; }
  // All of it must be granted.
  void load(std::string_view now) {
    Diagnostics diagnostics;
    Reconciled reconciled = reconcile(*fold(records), {&set, 1}, instant(now), "test", {}, diagnostics);
    EXPECT_TRUE(diagnostics.empty()) << to_text(diagnostics);
    records.insert(records.end(), reconciled.records.begin(), reconciled.records.end());
  }
  Chronicle until(std::string_view now) const {
    Result<Chronicle> chronicle = Chronicle::of(records, instant(now));
    EXPECT_TRUE(chronicle);
    return std::move(*chronicle);
  }
};

}  // namespace dnsd::testing
