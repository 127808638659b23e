// The ledger on disk: an append-only list of texts, each bound to all before it by a hash.
//
//   records (seq INTEGER PRIMARY KEY, previous TEXT, hash TEXT, body TEXT)      in SQLite; seq counts from 1 without
//   holes hash = hex of SHA-256(previous + "\n" + seq + "\n" + body); previous = hash of the record before, at first
//   64 zeros
//
// What a body says is for others to know. Whoever opens a ledger has verified all of it: nobody works on one that was
// changed, cut short, put back from a backup or is gone, but is told what is wrong and what to do. The head of the
// chain stands in a file beside it (witness.h), which shows that nothing is missing at its end.
//
// One writer, many readers, also of other processes at the same time. That there is one writer is for the daemon's
// own lock to see to; one that is not alone is refused all the same, by its next append. Thread safety: one thread at
// a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "dnsd/ledger/witness.h"

namespace dnsd {

class Database;
class Transaction;

enum class LedgerAccess { read, write };

class LedgerFile {
 public:
  using Access = LedgerAccess;

  // Reads and verifies the whole ledger. Access::write makes one where there is none; Access::read takes none for an
  // empty one, leaves no file open, and is content without a witness. Every failure says what is wrong and the way
  // out.
  static Result<LedgerFile> open(const std::string& path, Access access);
  LedgerFile(LedgerFile&&) noexcept;
  LedgerFile& operator=(LedgerFile&&) noexcept;
  ~LedgerFile();

  const std::vector<std::string>& bodies() const { return bodies_; }
  uint64_t size() const { return bodies_.size(); }
  // Of the last record; 64 zeros where there is none.
  const std::string& head_hash() const { return head_; }

  // Adds all of them or none: they are safe on disk when this returns well, and after a failure nothing of them is in
  // the ledger, which goes on as before. In one case nobody can know: where the disk failed at the very end; then
  // every later append is refused until the ledger is opened anew. Precondition: Access::write.
  Status append(std::span<const std::string> bodies);

  // Why the witness could not be renewed after the last append, which was safe all the same; none where it was. While
  // it cannot be, there is no next append.
  const std::optional<std::string>& witness_failure() const { return witness_failure_; }

  // Puts a new ledger of these records, with its witness, where one was damaged or lost. What stood there is kept
  // beside it as `PATH.old-N`. After a crash in between, open() refuses what is there, and this can be done again.
  // Precondition: no one has it open.
  static Status rebuild(const std::string& path, std::span<const std::string> bodies);

 private:
  LedgerFile(std::string path, std::optional<Witness> witness);
  Status read_or_make(Access access);
  Status read_records();
  Status make_table();
  Status check_witness(Access access) const;
  Status insert(std::span<const std::string> bodies, std::string& head);
  Status commit(Transaction transaction);
  // Whether the ledger on disk ends as we know it.
  Result<bool> is_as_known() const;
  void renew_witness();

  std::string path_;
  std::unique_ptr<Database> database_;
  std::optional<Witness> witness_;  // as it stands on disk
  std::string hash_at_witness_;     // of our record that it names
  std::vector<std::string> bodies_;
  std::string head_;
  bool uncertain_ = false;
  std::optional<std::string> witness_failure_;
};

}  // namespace dnsd
