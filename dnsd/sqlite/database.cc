#include "dnsd/sqlite/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace dnsd {
namespace {

constexpr int patience = 5000;  // milliseconds that another process may hold a lock; each holds it for a few
constexpr char make_writable[] =
    "give the file and its folder to the user of this program (chown, chmod), on a disk that is not mounted "
    "read-only";

// A quota or a limit on the size of files looks like a disk that fails.
bool is_write_that_failed(int extended) {
  return extended == SQLITE_IOERR_WRITE || extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_DIR_FSYNC ||
         extended == SQLITE_IOERR_TRUNCATE;
}

// A disk that is read-only, or a file or folder that may not be written.
bool is_read_only(int code, int system_error) {
  return code == SQLITE_READONLY || code == SQLITE_PERM || system_error == EROFS || system_error == EACCES ||
         system_error == EPERM;
}

bool may_write_folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  return ::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

// A failure to bind (no memory, too long) is one of the step that follows: it would store NULL, which no column
// allows.
Statement& Statement::bind(int parameter, std::string_view text) {
  const char* begin = text.empty() ? "" : text.data();
  sqlite3_bind_text64(statement_.get(), parameter, begin, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind(int parameter, int64_t number) {
  sqlite3_bind_int64(statement_.get(), parameter, number);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(statement_.get());
    return false;
  }
  const Failure failure = database_->failure();
  sqlite3_reset(statement_.get());
  return failure;
}

Status Statement::run() {
  const Result<bool> row = step();
  if (!row) return row.failure();
  sqlite3_reset(statement_.get());
  return Done{};
}

std::string_view Statement::text(int column) const {
  const auto* begin = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return begin ? std::string_view(begin, static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column)))
               : std::string_view();
}

int64_t Statement::number(int column) const { return sqlite3_column_int64(statement_.get(), column); }

Result<std::unique_ptr<Database>> Database::open(const std::string& path, Access access,
                                                 const std::string& if_damaged) {
  std::unique_ptr<Database> database(new Database(path, if_damaged));
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (access == Access::write ? SQLITE_OPEN_CREATE : 0);
  sqlite3* handle = nullptr;
  // Falls back to reading alone where the file may not be written.
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  database->handle_.reset(handle);
  if (!handle) return Failure{path + ": no memory to open it; stop something else"};
  sqlite3_extended_result_codes(handle, 1);
  if (code != SQLITE_OK) return database->failure();
  sqlite3_busy_timeout(handle, patience);
  // Settings of the connection alone, which read nothing: what is no database comes up with the first statement.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  if (const Status status = database->run("PRAGMA cell_size_check = ON"); !status) return status.failure();
  if (access == Access::read) {
    if (const Status status = database->run("PRAGMA query_only = ON"); !status) return status.failure();
    return database;
  }
  // The journal is made anew in the folder for each transaction.
  if (sqlite3_db_readonly(handle, "main") == 1 || !may_write_folder_of(path))
    return Failure{path + ": may not be written; " + make_writable};
  if (const Status status = database->run("PRAGMA synchronous = EXTRA"); !status) return status.failure();
  const Result<std::string> mode = database->text("PRAGMA journal_mode = DELETE");
  if (!mode) return mode.failure();
  if (*mode != "delete") return database->damaged("its journal mode is " + *mode + " and cannot be changed");
  return database;
}

Status Database::run(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure();
  return Done{};
}

Result<Statement> Database::prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(handle_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr) != SQLITE_OK)
    return failure();
  return Statement(*this, statement);
}

Result<int64_t> Database::number(std::string_view sql) const {
  Result<Statement> statement = prepare(sql);
  if (!statement) return statement.failure();
  const Result<bool> row = statement->step();
  if (!row) return row.failure();
  return *row ? statement->number(0) : 0;
}

Result<std::string> Database::text(std::string_view sql) const {
  Result<Statement> statement = prepare(sql);
  if (!statement) return statement.failure();
  const Result<bool> row = statement->step();
  if (!row) return row.failure();
  return *row ? std::string(statement->text(0)) : std::string();
}

int64_t Database::changed_rows() const { return sqlite3_changes64(handle_.get()); }

Failure Database::failure() const {
  const int extended = sqlite3_extended_errcode(handle_.get());
  const int code = extended & 0xff;
  // It stays from the last call that had one.
  const bool is_of_system = code == SQLITE_IOERR || code == SQLITE_CANTOPEN;
  const int system_error = is_of_system ? sqlite3_system_errno(handle_.get()) : 0;
  const std::string why = std::string(" (") + sqlite3_errmsg(handle_.get()) +
                          (system_error ? std::string(": ") + std::strerror(system_error) : std::string()) + ")";
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
    return Failure{path_ + ": another process holds its lock" + why + "; try again when that has ended"};
  if (code == SQLITE_FULL || system_error == ENOSPC)
    return Failure{path_ + ": there is no room left for it" + why + "; make room on its disk"};
  if (extended == SQLITE_READONLY_ROLLBACK || extended == SQLITE_READONLY_RECOVERY)
    return Failure{path_ + ": a write was cut off and this program may not undo it" + why +
                   "; start dnsd, or run this as its user"};
  // The journal beside it could not be made; SQLite names a later failure, that there is none.
  const bool lacks_journal = code == SQLITE_CANTOPEN && ::access(path_.c_str(), F_OK) == 0 && !may_write_folder_of(path_);
  if (lacks_journal || is_read_only(code, system_error))
    return Failure{path_ + ": may not be written" + why + "; " + make_writable};
  if (code == SQLITE_CANTOPEN) return Failure{path_ + ": cannot be opened" + why + "; see that its folder exists"};
  if (is_write_that_failed(extended)) {
    return Failure{
        path_ + ": cannot be written" + why +
        "; make room on its disk, raise the quota or the limit on the size of files, and see that the disk "
        "works"};
  }
  if (code == SQLITE_IOERR && extended != SQLITE_IOERR_SHORT_READ)
    return Failure{path_ + ": its disk fails" + why + "; see to the disk"};
  if (code == SQLITE_NOMEM) return Failure{path_ + ": no memory" + why + "; stop something else"};
  return damaged("damaged" + why);
}

Failure Database::damaged(const std::string& what) const { return Failure{path_ + ": " + what + "; " + if_damaged_}; }

Result<Transaction> Transaction::begin(Database& database, Kind kind) {
  if (const Status status = database.run(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN"); !status)
    return status.failure();
  return Transaction(database);
}

// Nothing to tell anybody: SQLite has undone it by itself after some failures, and a ROLLBACK is then one too many.
Transaction::~Transaction() {
  if (database_) static_cast<void>(database_->run("ROLLBACK"));
}

Status Transaction::commit() {
  const Status status = database_->run("COMMIT");
  if (status) database_ = nullptr;
  return status;
}

}  // namespace dnsd
