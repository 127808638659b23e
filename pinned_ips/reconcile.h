// What the files ask for against what was promised: each difference is an edit, each edit passes the gate.
//
// Thread safety: pure but for `diagnostics`.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "pinned_ips/history.h"
#include "pinned_ips/pinned_set.h"

namespace dnsd {

// The text of the line a place is in, for the caret; may be empty (and the function too).
using LineSource = std::function<std::string(const Place&)>;

struct Reconciled {
  std::vector<LedgerRecord> records;  // what is to be appended to the ledger before anything of it is used
  History history;                    // with them
};

// All differences of `sets` to `history` as records of one batch. Each edit that is refused is reported at its place,
// and then nothing of this may be used. A history without records begins here: entries that are enabled by then are
// genesis. `now` is not before the history's last record.
Reconciled reconcile(const History& history, std::span<const PinnedSet> sets, Instant now, const std::string& actor,
                     const LineSource& line_source, Diagnostics& diagnostics);

}  // namespace dnsd
