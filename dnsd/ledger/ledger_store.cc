#include "dnsd/ledger/ledger_store.h"

#include <filesystem>

namespace dnsd {
namespace {

Result<std::vector<LedgerRecord>> parsed(const std::string& path, const std::vector<std::string>& bodies) {
  std::vector<LedgerRecord> records;
  for (const std::string& body : bodies) {
    Result<LedgerRecord> record = parse_ledger_record(body);
    if (!record)
      return Failure{path + ": record " + std::to_string(records.size() + 1) + ": " + record.failure().message +
                     "; it was written by a newer dnsd, or by something else: start the newer one, or restore a backup"};
    records.push_back(std::move(*record));
  }
  return records;
}

}  // namespace

std::string ledger_path(const std::string& state_folder) { return state_folder + "/ledger.db"; }

Result<std::vector<LedgerRecord>> read_records(const std::string& state_folder) {
  const std::string path = ledger_path(state_folder);
  std::error_code error;
  const bool is_begun =
      std::filesystem::exists(path, error) || std::filesystem::exists(state_folder + "/ledger.head", error);
  if (!is_begun) return std::vector<LedgerRecord>();
  const Result<LedgerFile> file = LedgerFile::open(path, LedgerFile::Access::read);
  if (!file) return file.failure();
  return parsed(path, file->bodies());
}

Result<History> read_history(const std::string& state_folder) {
  const Result<std::vector<LedgerRecord>> records = read_records(state_folder);
  if (!records) return records.failure();
  Result<History> history = fold(*records);
  if (!history) return Failure{ledger_path(state_folder) + ": " + history.failure().message};
  return history;
}

Result<LedgerStore> LedgerStore::open(const std::string& state_folder) {
  const std::string path = ledger_path(state_folder);
  Result<LedgerFile> file = LedgerFile::open(path, LedgerFile::Access::write);
  if (!file) return file.failure();
  Result<std::vector<LedgerRecord>> records = parsed(path, file->bodies());
  if (!records) return records.failure();
  return LedgerStore(std::move(*file), std::move(*records));
}

Status LedgerStore::append(std::span<const LedgerRecord> more) {
  std::vector<std::string> bodies;
  for (const LedgerRecord& record : more) bodies.push_back(to_text(record));
  if (const Status appended = file_.append(bodies); !appended) return appended;
  records_.insert(records_.end(), more.begin(), more.end());
  return Done{};
}

}  // namespace dnsd
