// pin import: takes over what a feed said before dnsd did, as the genesis of the ledger, and writes the set's file.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "dnsd/config/pinned_edit.h"
#include "tools/zone_edit/daemon.h"
#include "tools/zone_edit/new_ledger.h"
#include "tools/zone_edit/options.h"
#include "tools/zone_edit/verbs.h"

namespace dnsd {
namespace {

struct Options {
  std::string file, set;
  bool dry_run = false;
};

std::string row_text(const ImportedEntry& entry) {
  std::string row = "  - {cidr: " + prefix_text(entry.cidr) + ", enabled: " + to_text(entry.enabled);
  if (entry.retired) row += ", retired: " + to_text(*entry.retired);
  if (!entry.facility.empty()) row += ", facility: " + scalar_text(entry.facility);
  if (!entry.reason.empty()) row += ", reason: " + scalar_text(entry.reason);
  if (entry.waived) row += ", waived: true";
  if (entry.revoked) row += ", revoked: true";
  return row + "}\n";
}

// Path and text of the file of each set that has none yet.
std::vector<std::pair<std::string, std::string>> set_files(const ImportedFeed& feed, const std::vector<ImportedSet>& sets,
                                                           const ServerConfig& config) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const ImportedSet& set : sets) {
    const std::string path = config.runtime.pinned_ips + "/" + set.name + ".yaml";
    std::error_code error;
    if (std::filesystem::exists(path, error)) continue;
    std::string text = "# Taken over from a feed of before; the ledger has the days on which it published them.\nset: " +
                       set.name + "\nttl: 300\nnotice: 14d\nentries:\n";
    for (const ImportedEntry& entry : feed.entries)
      if (entry.set == set.name) text += row_text(entry);
    files.emplace_back(path, std::move(text));
  }
  return files;
}

int import(const Session& session, const Options& options) {
  Diagnostics defects;
  const std::optional<ServerConfig> config = read_server_config(session.config, defects);
  if (!config) return refuse(session, "the configuration cannot be read", defects);
  const Result<ImportedFeed> feed = read_feed_file(options.file, options.set);
  if (!feed) return refuse(session, feed.failure().message);
  const std::vector<ImportedSet> sets = sets_of_feed(*feed, *config);
  const auto records = imported_records(*feed, sets, session.now, actor_text("pin import"));
  if (!records) return refuse(session, "nothing was taken over:\n" + records.failure().message);
  const auto files = set_files(*feed, sets, *config);
  if (!options.dry_run) {
    if (const Status made = make_ledger(*config, *records, false); !made) return refuse(session, made.failure().message);
    for (const auto& [path, text] : files)
      if (const Status written = replace_file(path, text); !written)
        return refuse(session, "the ledger was made, but " + written.failure().message);
  }
  const std::string done = counted(feed->entries.size(), "row") + " of " + counted(sets.size(), "set") + " taken over" +
                           (options.dry_run ? " (not written: --dry-run)" : "");
  if (session.json) {
    Json json = {{"ok", true}, {"done", done}, {"files", Json::array()}};
    for (const auto& [path, text] : files) json["files"].push_back(path);
    print_json(session, json);
    return exit_status::done;
  }
  for (const auto& [path, text] : files) session.out << path << ":\n" << (options.dry_run ? text : "  written\n");
  session.out << done << '\n';
  return exit_status::done;
}

}  // namespace

void setup_pin_import(CLI::App& app, Action& action) {
  const auto options = std::make_shared<Options>();
  CLI::App* sub = add_sub_verb(app, "import", "Take over the feed that there was before dnsd");
  sub->add_option("FILE", options->file, "Its document: entries with cidr, published, enabled, retired, facility")
      ->type_name("")
      ->required();
  sub->add_option("--set", options->set, "The pinned set that they are of, where the document does not say")
      ->type_name("SET");
  sub->add_flag("--dry-run", options->dry_run, "Say what would be taken over, and write nothing");
  sub->footer(
      "Once, before the first start: the published dates become the genesis of the ledger, so that customers keep the\n"
      "notice that they were given. A set without a file in pinned_ips gets one.\n"
      "\n"
      "Example:\n"
      "  zone-edit pin import ip-ranges.json --set proxy --dry-run");
  sub->callback([&action, options] { action = [options](const Session& session) { return import(session, *options); }; });
}

}  // namespace dnsd
