// ledger: what was promised when and by whom; and the way out where the file is lost.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "dnsd/ledger/ledger_store.h"
#include "tools/zone_edit/contract_effects.h"
#include "tools/zone_edit/daemon.h"
#include "tools/zone_edit/new_ledger.h"
#include "tools/zone_edit/options.h"
#include "tools/zone_edit/table.h"
#include "tools/zone_edit/verbs.h"

namespace dnsd {
namespace {

std::string about(const LedgerRecord& record, const History& history) {
  const Promise* promise = find_promise(history, record.edit);
  if (promise) return to_text(promise->cidr) + " (" + promise->id + ")";
  return record.edit.set;
}

struct WholeLedger {
  std::string path;
  std::vector<LedgerRecord> records;
  History history;
};

// None, and told, where it cannot be trusted.
std::optional<WholeLedger> read_or_refuse(const Session& session) {
  const std::optional<std::string> state = state_folder_or_refuse(session);
  if (!state) return std::nullopt;
  WholeLedger ledger{ledger_path(*state), {}, {}};
  Result<std::vector<LedgerRecord>> records = read_records(*state);
  if (!records) return refuse(session, records.failure().message), std::nullopt;
  Result<History> history = fold(*records);
  if (!history) return refuse(session, ledger.path + ": " + history.failure().message), std::nullopt;
  ledger.records = std::move(*records);
  ledger.history = std::move(*history);
  return ledger;
}

int list(const Session& session) {
  const std::optional<WholeLedger> ledger = read_or_refuse(session);
  if (!ledger) return exit_status::refused;
  if (session.json) {
    Json json = {{"records", Json::array()}};
    for (const LedgerRecord& record : ledger->records) json["records"].push_back(Json::parse(to_text(record)));
    print_json(session, json);
    return exit_status::done;
  }
  Table table({"SEQ", "AT (UTC)", "EDIT", "SET OR ENTRY", "BY", "REASON"});
  for (const LedgerRecord& record : ledger->records) {
    const bool genesis = record.edit.genesis;
    table.add({std::to_string(record.seq), to_text(record.at),
               std::string(to_text(record.edit.kind)) + (genesis ? " (genesis)" : record.edit.waived ? " (waived)" : ""),
               about(record, ledger->history), record.actor, record.edit.reason});
  }
  session.out << table.to_text();
  return exit_status::done;
}

int check(const Session& session) {
  const std::optional<WholeLedger> ledger = read_or_refuse(session);
  if (!ledger) return exit_status::refused;
  if (session.json) {
    print_json(session, {{"ok", true}, {"records", ledger->records.size()}});
  } else {
    session.out << ledger->path << ": " << counted(ledger->records.size(), "record") << ", the chain is whole\n";
  }
  return exit_status::done;
}

struct RebuildOptions {
  std::string file;
};

// The contract's time runs some seconds ahead of the clock where many issues came at once.
Instant rebuilt_at(const ImportedFeed& feed, Instant now) {
  constexpr Duration most_ahead{60};
  Instant at = now;
  for (const ImportedEntry& entry : feed.entries)
    if (entry.published.instant <= now + most_ahead) at = std::max(at, entry.published.instant);
  return at;
}

int rebuild(const Session& session, const RebuildOptions& options) {
  Diagnostics defects;
  const std::optional<ServerConfig> config = read_server_config(session.config, defects);
  if (!config) return refuse(session, "the configuration cannot be read", defects);
  const Result<ImportedFeed> feed = read_feed_file(options.file, {});
  if (!feed) return refuse(session, feed.failure().message);
  if (feed->serial == 0) return refuse(session, options.file + " bears no serial: it is no document of this feed");
  const auto records = imported_records(*feed, sets_of_feed(*feed, *config), rebuilt_at(*feed, session.now),
                                        actor_text("ledger rebuild"));
  if (!records) return refuse(session, "nothing was rebuilt:\n" + records.failure().message);
  if (const Status made = make_ledger(*config, *records, true); !made) return refuse(session, made.failure().message);
  const std::string done = counted(records->size(), "record") + " from serial " + std::to_string(feed->serial) +
                           "; the next issue of the feed is " + std::to_string(feed->serial + 1);
  if (session.json) {
    print_json(session, {{"ok", true}, {"done", done}});
  } else {
    session.out << done << '\n';
  }
  return exit_status::done;
}

}  // namespace

void setup_ledger(CLI::App& app, Action& action) {
  app.footer("Example: zone-edit ledger list");
  CLI::App* sub = add_sub_verb(app, "list", "Every record: what was promised when, by whom and why");
  sub->footer("Example:\n  zone-edit ledger list --json | jq '.records[-1]'");
  sub->callback([&action] { action = [](const Session& session) { return list(session); }; });
  sub = add_sub_verb(app, "check", "Read it all and verify the chain");
  sub->footer("Example:\n  zone-edit ledger check");
  sub->callback([&action] { action = [](const Session& session) { return check(session); }; });
  const auto options = std::make_shared<RebuildOptions>();
  sub = add_sub_verb(app, "rebuild", "A new one from the last document that was published");
  sub->add_option("FILE", options->file, "The last ip-ranges.json, or snapshot, that customers have")
      ->type_name("")
      ->required();
  sub->footer(
      "For a ledger that is lost or cannot be trusted, and of which there is no backup. Stop dnsd first. Take the document\n"
      "with the highest serial that was ever published: what it does not show is not promised. The old ledger is kept as\n"
      "ledger.db.old-1; serials go on after that of the document.\n"
      "\n"
      "Example:\n"
      "  zone-edit ledger rebuild ip-ranges.json");
  sub->callback([&action, options] { action = [options](const Session& session) { return rebuild(session, *options); }; });
}

}  // namespace dnsd
