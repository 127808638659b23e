#include "dnsd/control/contract_keeper.h"

#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "dnsd/http/feed_content.h"

namespace dnsd {
namespace {

using Json = nlohmann::ordered_json;

std::string stamp_path(const std::string& state_folder) { return state_folder + "/feed.json"; }

// `records`: of the ledger that it was made of.
std::string to_text(const FeedStamp& stamp, uint64_t records) {
  const Json json = {{"serial", stamp.serial}, {"generated_at", to_text(stamp.generated_at)}, {"digest", stamp.digest},
                     {"records", records}};
  return json.dump() + "\n";
}

// What was shown last.
struct Shown {
  FeedStamp stamp;
  bool has_ledger = false;  // else it is of before there was one
};

constexpr const char* way_out =
    "; restore the ledger that belongs here, or `zone-edit ledger rebuild` from published snapshots";

// None where there is no such file: no feed was ever shown.
Result<std::optional<Shown>> read_stamp(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 && errno == ENOENT) return std::optional<Shown>();
  const Result<std::string> text = read_file(path, 65536);
  if (!text) return text.failure();
  const Json json = Json::parse(*text, nullptr, false);
  const auto text_of = [&](const char* key) {
    const auto found = json.is_object() ? json.find(key) : json.end();
    return json.is_object() && found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const Result<Instant> generated_at = parse_instant(text_of("generated_at"));
  const bool has_serial = json.is_object() && json.contains("serial") && json["serial"].is_number_unsigned();
  if (!has_serial || !generated_at)
    return Failure{path +
                   " is damaged; it bears the last serial of the feed that was shown: restore it from a backup, or "
                   "remove it where there is a ledger, or else write {\"serial\": N, \"generated_at\": "
                   "\"2026-01-01T00:00:00Z\"} with the serial that clients have"};
  const bool has_ledger = json.contains("records") && json["records"].is_number_unsigned() && json["records"] != 0;
  return std::optional<Shown>({{json["serial"].get<uint64_t>(), *generated_at, text_of("digest")}, has_ledger});
}

// Whether the ledger's issues go on from what was shown; `begins`: it has no records.
Status leads_to(const Chronicle& chronicle, bool begins, const Shown& shown, const std::string& paths) {
  const uint64_t last = chronicle.issues().empty() ? chronicle.first_serial() - 1 : chronicle.issues().back().stamp.serial;
  const std::string serial = std::to_string(shown.stamp.serial);
  if (begins && shown.has_ledger)
    return Failure{paths + ": the ledger is gone: serial " + serial + " of the feed was made of one" + way_out};
  if (last < shown.stamp.serial)
    return Failure{paths + ": it leads to serial " + std::to_string(last) + " of the feed, but " + serial +
                   " was shown: it is an older one, or another" + way_out};
  const FeedIssue* same = chronicle.issue(shown.stamp.serial);
  if (same && same->stamp.generated_at != shown.stamp.generated_at)
    return Failure{paths + ": serial " + serial + " of the feed would be of " + to_text(same->stamp.generated_at) +
                   ", but was shown as of " + to_text(shown.stamp.generated_at) + ": it is another ledger" + way_out};
  return Done{};
}

}  // namespace

Result<std::unique_ptr<ContractKeeper>> ContractKeeper::open(const std::string& state_folder) {
  Result<LedgerStore> store = LedgerStore::open(state_folder);
  if (!store) return store.failure();
  std::unique_ptr<ContractKeeper> keeper(new ContractKeeper(state_folder, std::move(*store)));
  if (const Status restored = keeper->restore(); !restored) return restored.failure();
  return keeper;
}

Status ContractKeeper::restore() {
  const std::string path = stamp_path(state_folder_);
  const Result<std::optional<Shown>> shown = read_stamp(path);
  if (!shown) return shown.failure();
  if (*shown) shown_ = (*shown)->stamp;
  const std::vector<LedgerRecord>& records = store_.records();
  if (!records.empty()) not_before_ = records.back().at;
  if (shown_) not_before_ = std::max(not_before_, shown_->generated_at);
  Chronicle chronicle;
  // A feed of before there was a ledger: its serial goes on.
  if (records.empty() && shown_) chronicle.begin_after(shown_->serial);
  if (const Status extended = chronicle.extend(records, not_before_); !extended)
    return Failure{ledger_path(state_folder_) + ": " + extended.failure().message +
                   "; it cannot be trusted: restore a backup, or `zone-edit ledger rebuild` from published snapshots"};
  if (*shown) {
    const std::string paths = ledger_path(state_folder_) + " (beside " + path + ")";
    if (const Status leads = leads_to(chronicle, records.empty(), **shown, paths); !leads) return leads;
  }
  chronicle_ = std::make_shared<const Chronicle>(std::move(chronicle));
  return Done{};
}

Result<ContractKeeper::Prepared> ContractKeeper::prepare(std::vector<LedgerRecord> records, Instant now) const {
  auto chronicle = std::make_shared<Chronicle>(*chronicle_);
  if (const Status extended = chronicle->extend(records, now); !extended) return extended.failure();
  return Prepared{std::move(records), std::move(chronicle)};
}

Status ContractKeeper::commit(Prepared prepared) {
  if (!prepared.records.empty()) {
    if (const Status appended = store_.append(prepared.records); !appended) return appended;
  }
  chronicle_ = std::move(prepared.chronicle);
  return Done{};
}

Status ContractKeeper::show(const std::string& public_url, Instant now) {
  const std::optional<IssuedFeed> feed = issued(*chronicle_, chronicle_->issue_at_end());
  if (feed && feed->stamp != shown_) {
    const Status written = replace_file(stamp_path(state_folder_), to_text(feed->stamp, chronicle_->history().seq));
    if (!written) return Failure{"the feed stays as it was: " + written.failure().message};
    shown_ = feed->stamp;
  }
  if (!server_) return Done{};
  Result<FeedKeys> keys = FeedKeys::load(state_folder_ + "/feed-keys");
  if (!keys) return Failure{"the feed stays as it was: " + keys.failure().message};
  auto shared_keys = std::make_shared<const FeedKeys>(std::move(*keys));
  Result<std::shared_ptr<HttpContent>> content = feed_content({chronicle_, std::move(shared_keys), public_url}, now);
  if (!content) return content.failure();
  server_->publish(std::move(*content));
  return Done{};
}

}  // namespace dnsd
