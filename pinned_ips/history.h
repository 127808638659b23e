// The ledger's records, folded: what has been promised, and when it was said. The state that the gate judges by
// (may_apply.h) and that answers and feed are made of.
//
// Thread safety: plain data.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pinned_ips/ledger_record.h"
#include "pinned_ips/promise.h"

namespace dnsd {

struct History {
  uint64_t seq = 0;          // of the last record
  uint64_t batch = 0;        // of the last record
  Instant last_at;           // of the last record: time never goes back behind it
  uint64_t base_serial = 0;  // the last serial that was published before the ledger began
  std::vector<PromisedSet> sets;  // by name

  PromisedSet* find(std::string_view set);
  const PromisedSet* find(std::string_view set) const;
};

const Promise* find_promise(const History& history, const PinEdit& edit);

// The record that the edit makes at `now`, with all instants worked out. `batch` 0: it begins one of its own.
// Precondition: may_apply() allowed it.
LedgerRecord record_of(const History& history, PinEdit edit, Instant now, std::string actor, uint64_t batch = 0);

// Takes the record in. A failure where it cannot follow what is there (another order, an entry that does not exist):
// such a ledger cannot be trusted. It is not judged again: rules may become stricter, what was granted stays.
Status apply(History& history, const LedgerRecord& record);

Result<History> fold(std::span<const LedgerRecord> records);

}  // namespace dnsd
