#include "dnsd/ledger/ledger_file.h"

#include <sys/stat.h>

#include <cerrno>

#include "base/text.h"
#include "dnsd/sqlite/database.h"
#include "pinned_ips/feed/digest.h"

namespace dnsd {
namespace {

constexpr int64_t application = 0x444e4c47;  // "DNLG"
constexpr int64_t format = 1;
constexpr char table[] =
    "CREATE TABLE records (seq INTEGER PRIMARY KEY, previous TEXT NOT NULL, hash TEXT NOT NULL, "
    "body TEXT NOT NULL) STRICT";
constexpr char way_out[] =
    "put a backup back that has every record, with its ledger.head, or make it anew with "
    "`zone-edit ledger rebuild FILE…` from published snapshots";

std::string no_record() { return std::string(64, '0'); }

Result<std::string> hash_of(std::string_view previous, uint64_t seq, std::string_view body) {
  std::string text(previous);
  text += "\n" + std::to_string(seq) + "\n";
  text += body;
  const Result<Sha256> digest = sha256(text);
  if (!digest) return digest.failure();
  return hex(*digest);
}

bool exists(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

Failure gone(const std::string& path, const Witness& witness) {
  return Failure{path + ": the ledger is gone: " + witness_path(path) + " tells of " + std::to_string(witness.seq) +
                 " records; " + way_out};
}

// Ours, and of a format that this program knows.
Status check_format(const Database& database) {
  const Result<int64_t> id = database.number("PRAGMA application_id");
  if (!id) return id.failure();
  if (*id != application) return database.damaged("a database, but no ledger");
  const Result<int64_t> version = database.number("PRAGMA user_version");
  if (!version) return version.failure();
  if (*version > format) {
    return Failure{database.path() + ": a ledger of format " + std::to_string(*version) +
                   ", and this program knows " + std::to_string(format) +
                   "; use the dnsd that wrote it, or a newer one"};
  }
  const Result<int64_t> objects = database.number("SELECT count(*) FROM sqlite_schema");
  if (!objects) return objects.failure();
  const Result<std::string> schema = database.text("SELECT sql FROM sqlite_schema");
  if (!schema) return schema.failure();
  if (*version != format || *objects != 1 || *schema != table)
    return database.damaged("damaged: not the table of a ledger");
  const Result<std::string> check = database.text("PRAGMA integrity_check(1)");
  if (!check) return check.failure();
  if (*check != "ok") return database.damaged("damaged: " + *check);
  return Done{};
}

}  // namespace

LedgerFile::LedgerFile(std::string path, std::optional<Witness> witness)
    : path_(std::move(path)), witness_(std::move(witness)), hash_at_witness_(no_record()), head_(no_record()) {}
LedgerFile::LedgerFile(LedgerFile&&) noexcept = default;
LedgerFile& LedgerFile::operator=(LedgerFile&&) noexcept = default;
LedgerFile::~LedgerFile() = default;

Result<LedgerFile> LedgerFile::open(const std::string& path, Access access) {
  // Before the ledger: a writer at work renews it afterwards, so what it tells of must be there.
  Result<std::optional<Witness>> witness = read_witness(witness_path(path));
  if (!witness) return witness.failure();
  LedgerFile ledger(path, std::move(*witness));
  if (!exists(path)) {
    if (ledger.witness_ && ledger.witness_->seq > 0) return gone(path, *ledger.witness_);
    if (access == Access::read) return ledger;
  }
  Result<std::unique_ptr<Database>> database =
      Database::open(path, access == Access::write ? Database::Access::write : Database::Access::read, way_out);
  if (!database) return database.failure();
  ledger.database_ = std::move(*database);
  if (const Status status = ledger.read_or_make(access); !status) return status.failure();
  if (const Status status = ledger.check_witness(access); !status) return status.failure();
  if (access == Access::read) {
    ledger.database_.reset();
  } else {
    ledger.renew_witness();
  }
  return ledger;
}

Status LedgerFile::read_or_make(Access access) {
  {
    const Result<Transaction> transaction = Transaction::begin(*database_, Transaction::Kind::read);
    if (!transaction) return transaction.failure();
    const Result<int64_t> pages = database_->number("PRAGMA page_count");
    if (!pages) return pages.failure();
    if (*pages > 0) {
      if (const Status status = check_format(*database_); !status) return status;
      return read_records();
    }
  }
  // New, or what a crash left of the very first transaction.
  if (witness_ && witness_->seq > 0) return gone(path_, *witness_);
  return access == Access::read ? Status(Done{}) : make_table();
}

Status LedgerFile::make_table() {
  Result<Transaction> transaction = Transaction::begin(*database_, Transaction::Kind::write);
  if (!transaction) return transaction.failure();
  std::string sql = table;
  sql += "; PRAGMA application_id = " + std::to_string(application);
  sql += "; PRAGMA user_version = " + std::to_string(format);
  if (const Status status = database_->run(sql.c_str()); !status) return status;
  return transaction->commit();
}

Status LedgerFile::read_records() {
  Result<Statement> records = database_->prepare("SELECT seq, previous, hash, body FROM records ORDER BY seq");
  if (!records) return records.failure();
  for (;;) {
    const Result<bool> row = records->step();
    if (!row) return row.failure();
    if (!*row) return Done{};
    const uint64_t seq = size() + 1;
    const std::string shown = "record " + std::to_string(seq);
    if (records->number(0) != static_cast<int64_t>(seq)) return database_->damaged(shown + " is missing");
    const std::string_view body = records->text(3);
    const Result<std::string> hash = hash_of(head_, seq, body);
    if (!hash) return hash.failure();
    if (records->text(1) != head_ || records->text(2) != *hash)
      return database_->damaged(shown + " was changed: the chain of hashes is broken");
    bodies_.emplace_back(body);
    head_ = *hash;
    if (witness_ && witness_->seq == seq) hash_at_witness_ = head_;
  }
}

Status LedgerFile::check_witness(Access access) const {
  const std::string shown = witness_path(path_);
  if (!witness_) {
    if (access == Access::read || size() == 0) return Done{};
    return Failure{shown + ": missing, and without it nobody can tell whether the last of the " +
                   counted(size(), "record") + " in " + path_ + " is the last there was; " + way_out};
  }
  if (witness_->seq > size()) {
    return Failure{path_ + ": rolled back: it ends with record " + std::to_string(size()) + ", and " + shown +
                   " tells of record " + std::to_string(witness_->seq) + "; " + way_out};
  }
  if (witness_->hash != hash_at_witness_) {
    return Failure{path_ + ": rolled back and gone on from there: its record " + std::to_string(witness_->seq) +
                   " is another than " + shown + " tells of; " + way_out};
  }
  return Done{};
}

void LedgerFile::renew_witness() {
  const Witness current{size(), head_};
  witness_failure_.reset();
  if (witness_ == current) return;
  if (const Status written = write_witness(witness_path(path_), current); !written) {
    witness_failure_ = written.failure().message;
    return;
  }
  witness_ = current;
}

Result<bool> LedgerFile::is_as_known() const {
  Result<Statement> last = database_->prepare("SELECT seq, hash FROM records ORDER BY seq DESC LIMIT 1");
  if (!last) return last.failure();
  const Result<bool> row = last->step();
  if (!row) return row.failure();
  if (!*row) return size() == 0;
  return last->number(0) == static_cast<int64_t>(size()) && last->text(1) == head_;
}

Status LedgerFile::insert(std::span<const std::string> bodies, std::string& head) {
  Result<Statement> insert = database_->prepare("INSERT INTO records VALUES (?1, ?2, ?3, ?4)");
  if (!insert) return insert.failure();
  uint64_t seq = size();
  for (const std::string& body : bodies) {
    const Result<std::string> hash = hash_of(head, ++seq, body);
    if (!hash) return hash.failure();
    insert->bind(1, static_cast<int64_t>(seq)).bind(2, head).bind(3, *hash).bind(4, body);
    if (const Status status = insert->run(); !status) return status;
    head = *hash;
  }
  return Done{};
}

Status LedgerFile::commit(Transaction transaction) {
  const Status committed = transaction.commit();
  if (committed) return committed;
  { const Transaction undone = std::move(transaction); }
  const Result<bool> as_known = is_as_known();
  uncertain_ = !as_known || !*as_known;
  return committed;
}

Status LedgerFile::append(std::span<const std::string> bodies) {
  if (bodies.empty()) return Done{};
  if (uncertain_) {
    return Failure{path_ + ": the disk failed in a write, which may be there or not; restart dnsd, which looks"};
  }
  renew_witness();
  if (witness_failure_) return Failure{*witness_failure_};
  Result<Transaction> transaction = Transaction::begin(*database_, Transaction::Kind::write);
  if (!transaction) return transaction.failure();
  const Result<bool> as_known = is_as_known();
  if (!as_known) return as_known.failure();
  if (!*as_known) {
    return Failure{path_ + ": somebody else has written to it since record " + std::to_string(size()) +
                   "; end the other program, then restart dnsd"};
  }
  std::string head = head_;
  if (const Status status = insert(bodies, head); !status) return status;
  if (const Status status = commit(std::move(*transaction)); !status) return status;
  bodies_.insert(bodies_.end(), bodies.begin(), bodies.end());
  head_ = head;
  renew_witness();
  return Done{};
}

}  // namespace dnsd
