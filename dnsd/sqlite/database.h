// A small SQLite file whose every commit is on disk when it returns: the ledger, the outbox of webhooks.
//
// Rollback journal (DELETE) with synchronous=EXTRA: a commit has reached the disk, and so has the end of its journal,
// before it returns. Not WAL, which in 3.40 can lose commits when it is reset while another connection reads. No lock
// is held between transactions, so that other processes can read. Every failure names the file, what is wrong and the
// way out.
//
// SQLite guards its files by POSIX locks, which a process loses when it closes any other descriptor of the same file:
// nothing but a Database may open the file in the process that uses it.
// Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace dnsd {

// Of a Database, which must outlive it. Parameters and columns are numbered as in SQLite: from 1 and from 0.
class Statement {
 public:
  Statement& bind(int parameter, std::string_view text);
  Statement& bind(int parameter, int64_t number);

  // True: there is a row. False: there is none, or no more; the statement is then ready to be bound and run again.
  Result<bool> step();
  // For statements that give no row.
  Status run();

  // Of the row that step() found. A text is valid until the next step().
  std::string_view text(int column) const;
  int64_t number(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(const class Database& database, sqlite3_stmt* statement) : database_(&database), statement_(statement) {}

  const Database* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Database {
 public:
  enum class Access { read, write };

  // Access::write makes the file where it is missing. `if_damaged` is the way out that failures end with where the
  // content cannot be trusted. The file is opened, but not read: what is no database is found by the first statement.
  // Reading may undo what another process left half written, where it may write: so SQLite recovers from a crash.
  static Result<std::unique_ptr<Database>> open(const std::string& path, Access access,
                                                const std::string& if_damaged);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  const std::string& path() const { return path_; }

  Status run(const char* sql);
  Result<Statement> prepare(std::string_view sql) const;
  // The first column of the first row; 0 where there is no row.
  Result<int64_t> number(std::string_view sql) const;
  // The same as text; empty where there is no row.
  Result<std::string> text(std::string_view sql) const;

  // Of the last INSERT, UPDATE or DELETE.
  int64_t changed_rows() const;

  // What the last call said, in words for the operator.
  Failure failure() const;
  // "PATH: WHAT; WAY OUT", for content that was read well and makes no sense.
  Failure damaged(const std::string& what) const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  explicit Database(std::string path, std::string if_damaged)
      : path_(std::move(path)), if_damaged_(std::move(if_damaged)) {}

  const std::string path_;
  const std::string if_damaged_;
  std::unique_ptr<sqlite3, Close> handle_;
};

// Undone at its end unless committed.
class Transaction {
 public:
  // Kind::write takes the lock of the one writer at once; waits some seconds for it.
  enum class Kind { read, write };
  static Result<Transaction> begin(Database& database, Kind kind);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  // A failure has undone everything, with one exception: where the disk failed after the journal was gone, what was
  // written may be there. Whoever has to know looks.
  Status commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace dnsd
