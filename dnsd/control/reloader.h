// From the files to what the workers answer: read everything, check everything, compile aside, put what was granted into
// the ledger, publish with one pointer. A defect anywhere leaves the last good snapshot in service.
//
// Thread safety: one thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/diagnostic.h"
#include "base/instant.h"
#include "dnsd/control/contract_keeper.h"
#include "dnsd/control/own_cookie_secrets.h"
#include "dnsd/loading/data_directory.h"
#include "dnsd/snapshot/compile.h"
#include "dnsd/snapshot/publisher.h"

namespace dnsd {

struct ReloadReport {
  bool ok = false;
  Instant at;
  uint64_t generation = 0;  // in service afterwards, whether ok or not; 0: none yet
  Diagnostics diagnostics;
};

class Reloader {
 public:
  // `publisher` and `keeper` must outlive the reloader. `hash` is keyed by secret random numbers; `draw_secret` gives
  // them.
  Reloader(std::string config_path, NameHash hash, Publisher& publisher, ContractKeeper& keeper,
           std::function<CookieSecret()> draw_secret);

  void on_progress(std::function<void(const LoadProgress&)> tell) { loader_.on_progress(std::move(tell)); }

  // Called when what a load or an instant brings is recorded, and before it is answered: to show it in the feed first.
  void before_answers(std::function<void(const DataDirectory&, Instant)> show) { show_ = std::move(show); }

  // Everything anew from the files. `actor`: who asked for it, for the ledger. While the contract's clock is frozen, what
  // needs a notice is refused.
  const ReloadReport& reload(Instant now, const std::string& actor = "files");
  // The same files at another instant of their schedule. After a failure the snapshot before it stays in service; it
  // has the change, too (PinnedAnswers).
  Status refresh(Instant now);
  // Whether our own cookie secret is a day old, so that refresh() should make a new one.
  bool cookie_secret_is_due(Instant now) const;

  // Of the last reload.
  const ReloadReport& last() const { return report_; }
  uint64_t generation() const { return generation_; }  // in service
  // What is in service; null before the first reload that was ok.
  const DataDirectory* data() const { return data_ ? &*data_ : nullptr; }
  const Snapshot* snapshot() const { return snapshot_; }
  Instant loaded_at() const { return loaded_at_; }
  // The first instant after `now` at which answers or feed change by themselves.
  std::optional<Instant> next_change(Instant now) const;
  const Loader& loader() const { return loader_; }

 private:
  bool uses_own_secrets(const DataDirectory& data) const;
  Result<std::unique_ptr<Snapshot>> compile(const DataDirectory& data, const Chronicle& chronicle, Instant now);
  void publish(std::unique_ptr<Snapshot> next);
  Status take_over(const DataDirectory& data, std::vector<LedgerRecord> records, Instant now);
  void note_restart_settings(const ServerConfig& config);

  const std::string config_path_;
  const NameHash hash_;
  Publisher& publisher_;
  ContractKeeper& keeper_;
  Loader loader_;
  OwnCookieSecrets own_secrets_;
  std::function<void(const DataDirectory&, Instant)> show_ = [](const DataDirectory&, Instant) {};
  std::optional<DataDirectory> data_;
  const Snapshot* snapshot_ = nullptr;  // owned by the publisher
  uint64_t generation_ = 0;
  Instant loaded_at_;
  ReloadReport report_;
};

}  // namespace dnsd
