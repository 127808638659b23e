#include "dnsd/control/reloader.h"

#include <algorithm>

#include "pinned_ips/feed/digest.h"
#include "pinned_ips/feed/feed_document.h"

namespace dnsd {
Reloader::Reloader(std::string config_path, NameHash hash, Publisher& publisher, ContractKeeper& keeper,
                   std::function<CookieSecret()> draw_secret)
    : config_path_(std::move(config_path)),
      hash_(hash),
      publisher_(publisher),
      keeper_(keeper),
      loader_(Loader::TlsFilesAre::read, hash),
      own_secrets_(std::move(draw_secret)) {
  loader_.use_history([&keeper]() -> const History& { return keeper.history(); });
}

const ReloadReport& Reloader::reload(Instant now, const std::string& actor) {
  report_ = {};
  report_.at = now;
  loader_.set_actor(actor);
  std::optional<DataDirectory> data = loader_.load(config_path_, now, report_.diagnostics);
  if (data) {
    if (data_) note_restart_settings(data->config);
    if (const Status taken = take_over(*data, std::move(data->records), now); taken) {
      data->records.clear();
      report_.ok = true;
      data_ = std::move(data);
      loaded_at_ = now;
    } else {
      report_.diagnostics.error({}, taken.failure().message);
    }
  }
  report_.generation = generation_;
  return report_;
}

// Compiled before it is recorded, recorded before it is shown, shown before it is answered.
Status Reloader::take_over(const DataDirectory& data, std::vector<LedgerRecord> records, Instant now) {
  if (publisher_.clock().is_frozen() &&
      std::ranges::any_of(records, [](const LedgerRecord& r) { return counts_notice(r.edit.kind); }))
    return Failure{"the clock stepped by " + to_text(publisher_.clock().step()) +
                   ": no notice is counted until it is back, or "
                   "`zone-edit reload --accept-clock` says that it is right"};
  Result<ContractKeeper::Prepared> prepared = keeper_.prepare(std::move(records), now);
  if (!prepared) return prepared.failure();
  Result<std::unique_ptr<Snapshot>> next = compile(data, *prepared->chronicle, now);
  if (!next) return next.failure();
  if (const Status committed = keeper_.commit(std::move(*prepared)); !committed) return committed;
  show_(data, now);
  publish(std::move(*next));
  return Done{};
}

Status Reloader::refresh(Instant now) { return data_ ? take_over(*data_, {}, now) : Failure{"nothing is loaded"}; }

bool Reloader::uses_own_secrets(const DataDirectory& data) const {
  return data.config.runtime.cookies.policy != CookieWord::off && data.cookie_secrets.empty();
}

bool Reloader::cookie_secret_is_due(Instant now) const {
  return data_ && uses_own_secrets(*data_) && own_secrets_.due(now);
}

Result<std::unique_ptr<Snapshot>> Reloader::compile(const DataDirectory& data, const Chronicle& chronicle, Instant now) {
  SnapshotInput input = snapshot_input(data);
  input.feed_url = data.config.runtime.feed_url;
  if (const std::optional<IssuedFeed> feed = issued(chronicle, chronicle.issue_at_end())) {
    const std::optional<std::string> document = feed_document(feed->view(input.feed_url));
    const Result<Sha256> digest = sha256(document.value_or(""));
    if (!digest) return digest.failure();
    input.feed = PublishedFeed{feed->stamp.serial, hex(*digest)};
  }
  if (uses_own_secrets(data))
    input.settings.cookies = {cookie_policy(data.config.runtime.cookies.policy), own_secrets_.at(now)};
  return compile_snapshot(input, hash_, now, generation_ + 1, snapshot_);
}

void Reloader::publish(std::unique_ptr<Snapshot> next) {
  ++generation_;
  snapshot_ = next.get();
  publisher_.publish(std::move(next));
}

// Sockets and threads stay as they are while the server runs.
void Reloader::note_restart_settings(const ServerConfig& config) {
  for (const std::string_view setting : changed_startup_settings(data_->config.startup, config.startup)) {
    report_.diagnostics.warning(config.place, "'" + std::string(setting) + "' changed: it takes effect at the next start");
  }
}

std::optional<Instant> Reloader::next_change(Instant now) const {
  std::optional<Instant> next;
  for (const PromisedSet& set : keeper_.history().sets) {
    for (const std::optional<Instant>& change : {next_answer_change(set, now), next_feed_change(set, now)})
      if (change) next = next ? std::min(*next, *change) : *change;
  }
  return next;
}

}  // namespace dnsd
