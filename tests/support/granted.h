// What a new ledger grants of sets that are written by hand in tests.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "pinned_ips/reconcile.h"

namespace dnsd::testing {

// Precondition: all of it may be granted at `now`.
inline std::vector<PromisedSet> granted(const std::vector<PinnedSet>& sets, Instant now) {
  Diagnostics diagnostics;
  Reconciled reconciled = reconcile({}, sets, now, "test", {}, diagnostics);
  if (diagnostics.empty()) return std::move(reconciled.history.sets);
  std::fputs(to_text(diagnostics).c_str(), stderr);
  std::abort();
}

}  // namespace dnsd::testing
