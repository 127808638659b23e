#include "tools/zone_edit/edit.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/atomic_file.h"
#include "tools/zone_edit/contract_effects.h"
#include "tools/zone_edit/daemon.h"
#include "tools/zone_edit/diff.h"

namespace dnsd {
namespace {

// An edit takes milliseconds, one of a huge zone seconds: who waits longer than this should know.
constexpr std::chrono::seconds longest_wait{30};

Result<FileLock> take_lock(const std::string& state_folder) {
  std::error_code error;
  std::filesystem::create_directories(state_folder, error);
  if (error) return Failure{"cannot create the folder " + state_folder + ": " + error.message()};
  const std::string path = state_folder + "/edit.lock";
  const auto deadline = std::chrono::steady_clock::now() + longest_wait;
  for (;;) {
    Result<FileLock> lock = FileLock::take(path, FileLock::Wait::no);
    if (lock || ::access(path.c_str(), W_OK) != 0) return lock;  // not a matter of waiting
    if (std::chrono::steady_clock::now() >= deadline)
      return Failure{"another edit holds " + path + " for more than 30 s; nothing was done, try again"};
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void read_zones(Editable& editable) {
  std::error_code error;
  for (const std::string& path : yaml_files(editable.config.runtime.zones, error))
    if (std::optional<ZoneConfig> zone = read_zone_config(path, editable.defects))
      editable.zones.push_back(std::move(*zone));
  if (error)
    editable.defects.error(editable.config.place,
                           "cannot read the folder " + editable.config.runtime.zones + ": " + error.message());
}

// The defects that `after` has and `before` has not, whatever their line.
Diagnostics new_ones(const Diagnostics& before, const Diagnostics& after) {
  std::map<std::pair<std::string, std::string>, int> known;
  for (const Diagnostic& d : before.all()) ++known[{d.place.file, d.message}];
  Diagnostics fresh;
  for (const Diagnostic& d : after.all())
    if (known[{d.place.file, d.message}]-- <= 0) fresh.add(d);
  return fresh;
}

// As the data directory would be. None, and told, where it would have an error. Warnings that the edit brings are told.
std::optional<DataDirectory> load_edited(const Session& session, const EditPlan& plan) {
  Loader loader;
  std::map<std::string, std::string> overlay;
  for (const FileChange& file : plan.files) overlay[file.path] = file.after;
  loader.set_overlay(std::move(overlay));
  Diagnostics after;
  std::optional<DataDirectory> data = loader.load(session.config, session.now, after);
  if (after.empty()) return data;
  Diagnostics before;
  Loader().load(session.config, session.now, before);
  const Diagnostics fresh = new_ones(before, after);
  if (!after.has_errors()) {
    session.err << to_text(fresh);
    return data;
  }
  if (fresh.has_errors()) {
    refuse(session, "refused, nothing was written: with this edit there would be " + counted(after.errors(), "error"),
           after);
  } else {
    refuse(session,
           "refused, nothing was written: mend the data directory first, it has " + counted(after.errors(), "error") +
               " of its own",
           after);
  }
  return std::nullopt;
}

// What the edit alone brings of the contract: not what the files ask for without it.
std::vector<ContractEffect> effects_of(const Session& session, const DataDirectory& data, const EditPlan& plan) {
  const bool is_pinned = std::ranges::any_of(plan.files, [&](const FileChange& file) {
    return std::filesystem::path(file.path).parent_path() == std::filesystem::path(data.config.runtime.pinned_ips);
  });
  if (!is_pinned) return {};
  Diagnostics ignored;
  const std::optional<DataDirectory> before = Loader().load(session.config, session.now, ignored);
  std::vector<LedgerRecord> records = data.records;
  std::erase_if(records, [&](const LedgerRecord& r) {
    return before && std::ranges::find(before->records, r.edit, &LedgerRecord::edit) != before->records.end();
  });
  return contract_effects(records, data.promised);
}

Status compare_with_disk(const std::vector<FileChange>& files) {
  for (const FileChange& file : files) {
    const Result<std::string> content = read_file(file.path);
    if (!content) return content.failure();
    if (*content != file.before)
      return Failure{file.path + " was changed by somebody else meanwhile; nothing was written, try again"};
  }
  return Done{};
}

// Puts back what was written, as far as nobody else changed it since.
void restore(const Session& session, std::span<const FileChange> files) {
  for (const FileChange& file : files) {
    const Result<std::string> content = read_file(file.path);
    Status restored = content ? Status(Done{}) : Status(content.failure());
    if (content && *content == file.after) restored = replace_file(file.path, file.before);
    if (!restored)
      session.err << "zone-edit: cannot put back " << file.path << ": " << restored.failure().message << '\n';
  }
}

Status write(const Session& session, const std::vector<FileChange>& files) {
  for (size_t i = 0; i < files.size(); ++i) {
    const Status written = replace_file(files[i].path, files[i].after);
    if (written) continue;
    restore(session, std::span(files).first(i + 1));
    return written;
  }
  return Done{};
}

std::string diff_of(const EditPlan& plan) {
  std::string diff;
  for (const FileChange& file : plan.files) diff += unified_diff(file.path, file.before, file.after);
  return diff;
}

int report(const Session& session, const EditPlan& plan, const std::vector<ContractEffect>& effects,
           const ReloadResult* reload, bool dry_run) {
  if (!session.json) {
    if (dry_run) session.out << diff_of(plan);
    session.out << plan.done
                << (plan.files.empty() ? "; there was nothing to do"
                    : dry_run          ? " (not written: --dry-run)"
                                       : "");
    if (reload && reload->outcome == ReloadResult::Outcome::loaded)
      session.out << "; dnsd serves it as generation " << reload->generation;
    session.out << '\n';
    return exit_status::done;
  }
  Json json = {{"ok", true}, {"done", plan.done}, {"changed", !plan.files.empty()}, {"files", Json::array()}};
  for (const FileChange& file : plan.files) json["files"].push_back(file.path);
  if (dry_run) json["diff"] = diff_of(plan);
  if (!effects.empty()) json["effects"] = effects_json(effects);
  if (reload) json["daemon"] = reload_json(*reload);
  print_json(session, json);
  return exit_status::done;
}

int tell_daemon(const Session& session, const std::string& state_folder, const EditPlan& plan,
                const std::vector<ContractEffect>& effects, const std::string& actor) {
  using Outcome = ReloadResult::Outcome;
  const ReloadResult reload = reload_daemon(state_folder, {.actor = actor});
  switch (reload.outcome) {
    case Outcome::loaded: break;
    case Outcome::refused:
      restore(session, plan.files);
      for (const std::string& line : reload.errors) session.err << line << '\n';
      return refuse(session, "dnsd refused it; the files are as they were");
    case Outcome::not_running:
      session.err << "zone-edit: " << reload.reason << "; it will serve this when it starts\n";
      break;
    case Outcome::unknown:
      session.err << "zone-edit: written, but whether dnsd serves it is unknown: " << reload.reason << '\n';
      break;
  }
  return report(session, plan, effects, &reload, false);
}

}  // namespace

int run_edit(const Session& session, const EditOptions& options,
             const std::function<Result<EditPlan>(const Editable&)>& plan_edit) {
  Editable editable;
  std::optional<ServerConfig> config = read_server_config(session.config, editable.defects);
  if (!config) return refuse(session, "the configuration cannot be read", editable.defects);
  editable.config = std::move(*config);
  std::optional<FileLock> held;
  if (!options.dry_run) {
    Result<FileLock> lock = take_lock(editable.config.startup.state);
    if (!lock) return refuse(session, lock.failure().message);
    held = std::move(*lock);
  }
  read_zones(editable);
  const Result<EditPlan> plan = plan_edit(editable);
  if (!plan) return refuse(session, plan.failure().message, editable.defects);
  if (plan->files.empty()) return report(session, *plan, {}, nullptr, options.dry_run);
  const std::optional<DataDirectory> data = load_edited(session, *plan);
  if (!data) return exit_status::refused;
  const std::vector<ContractEffect> effects = effects_of(session, *data, *plan);
  if (!session.json && !effects.empty())
    session.out << "What it does:\n" << effects_text(effects, session.now) << std::flush;
  if (options.dry_run) return report(session, *plan, effects, nullptr, true);
  if (const Status same = compare_with_disk(plan->files); !same) return refuse(session, same.failure().message);
  if (const Status written = write(session, plan->files); !written) return refuse(session, written.failure().message);
  return tell_daemon(session, editable.config.startup.state, *plan, effects, options.actor);
}

}  // namespace dnsd
