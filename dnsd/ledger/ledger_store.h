// The ledger of a state folder as records: what LedgerFile keeps as lines, read and folded.
//
// Thread safety: one thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "dnsd/ledger/ledger_file.h"
#include "pinned_ips/history.h"
#include "pinned_ips/ledger_record.h"

namespace dnsd {

std::string ledger_path(const std::string& state_folder);

// What was promised so far; nothing where there is no ledger yet. Changes nothing and may run beside the daemon. A
// ledger that cannot be trusted is a failure that names the file and the way out.
Result<std::vector<LedgerRecord>> read_records(const std::string& state_folder);
Result<History> read_history(const std::string& state_folder);

class LedgerStore {
 public:
  // For the one writer, who holds the state folder's lock. Makes the ledger where there is none.
  static Result<LedgerStore> open(const std::string& state_folder);

  const std::vector<LedgerRecord>& records() const { return records_; }
  // All of them are on disk when this returns; after a failure none is.
  Status append(std::span<const LedgerRecord> more);

 private:
  LedgerStore(LedgerFile file, std::vector<LedgerRecord> records)
      : file_(std::move(file)), records_(std::move(records)) {}

  LedgerFile file_;
  std::vector<LedgerRecord> records_;
};

}  // namespace dnsd
