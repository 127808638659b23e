#include "tools/zone_edit/new_ledger.h"

#include <algorithm>
#include <filesystem>

#include "base/atomic_file.h"
#include "dnsd/config/pinned_config.h"
#include "dnsd/ledger/ledger_store.h"

namespace dnsd {
namespace {

constexpr size_t largest_feed = size_t{64} << 20;

}  // namespace

Result<ImportedFeed> read_feed_file(const std::string& path, const std::string& set) {
  const Result<std::string> text = read_file(path, largest_feed);
  if (!text) return text.failure();
  Result<ImportedFeed> feed = parse_feed(*text);
  if (!feed) return Failure{path + ": " + feed.failure().message};
  for (ImportedEntry& entry : feed->entries) {
    if (entry.set.empty()) entry.set = set;
    if (entry.set.empty())
      return Failure{path + ": the entries do not say of which set they are; say it with --set"};
  }
  return feed;
}

std::vector<ImportedSet> sets_of_feed(const ImportedFeed& feed, const ServerConfig& config) {
  std::vector<ImportedSet> sets;
  for (const ImportedEntry& entry : feed.entries)
    if (std::ranges::find(sets, entry.set, &ImportedSet::name) == sets.end()) sets.push_back({entry.set, {}, 300});
  std::error_code error;
  for (const std::string& path : yaml_files(config.runtime.pinned_ips, error)) {
    Diagnostics defects;
    const std::optional<PinnedSet> file = read_pinned_set(path, defects);
    if (!file) continue;
    for (ImportedSet& set : sets)
      if (set.name == file->name) set = {file->name, file->policy, file->ttl};
  }
  return sets;
}

Status make_ledger(const ServerConfig& config, std::span<const LedgerRecord> records, bool replace) {
  const std::string& state = config.startup.state;
  std::error_code error;
  std::filesystem::create_directories(state, error);
  if (error) return Failure{"cannot create the folder " + state + ": " + error.message()};
  const Result<FileLock> lock = FileLock::take(state + "/daemon.lock", FileLock::Wait::no);
  if (!lock) return Failure{"dnsd runs on " + state + ": stop it first, it is the one who writes the ledger"};
  if (replace) {
    std::vector<std::string> bodies;
    for (const LedgerRecord& record : records) bodies.push_back(to_text(record));
    return LedgerFile::rebuild(ledger_path(state), bodies);
  }
  Result<LedgerStore> store = LedgerStore::open(state);
  if (!store) return store.failure();
  if (!store->records().empty())
    return Failure{ledger_path(state) + " has " + counted(store->records().size(), "record") +
                   " already: what was promised can only be taken over before it begins"};
  return store->append(records);
}

}  // namespace dnsd
