#include "dnsd/control/reloader.h"

#include <algorithm>

#include "pinned_ips/timeline.h"

namespace dnsd {

Reloader::Reloader(std::string config_path, NameHash hash, Publisher& publisher,
                   std::function<CookieSecret()> draw_secret)
    : config_path_(std::move(config_path)),
      hash_(hash),
      publisher_(publisher),
      loader_(Loader::TlsFilesAre::read, hash),
      own_secrets_(std::move(draw_secret)) {}

const ReloadReport& Reloader::reload(Instant now) {
  report_ = {};
  report_.at = now;
  std::optional<DataDirectory> data = loader_.load(config_path_, now, report_.diagnostics);
  if (data) {
    if (data_) note_restart_settings(data->config);
    const Status published = publish(*data, now);
    if (published) {
      report_.ok = true;
      data_ = std::move(data);
      loaded_at_ = now;
    } else {
      report_.diagnostics.error({}, published.failure().message);
    }
  }
  report_.generation = generation_;
  return report_;
}

Status Reloader::refresh(Instant now) {
  if (!data_) return Failure{"nothing is loaded"};
  return publish(*data_, now);
}

bool Reloader::uses_own_secrets(const DataDirectory& data) const {
  return data.config.runtime.cookies.policy != CookieWord::off && data.cookie_secrets.empty();
}

bool Reloader::cookie_secret_is_due(Instant now) const {
  return data_ && uses_own_secrets(*data_) && own_secrets_.due(now);
}

Status Reloader::publish(const DataDirectory& data, Instant now) {
  SnapshotInput input = snapshot_input(data);
  if (uses_own_secrets(data))
    input.settings.cookies = {cookie_policy(data.config.runtime.cookies.policy), own_secrets_.at(now)};
  Result<std::unique_ptr<Snapshot>> next = compile_snapshot(input, hash_, now, generation_ + 1, snapshot_);
  if (!next) return next.failure();
  ++generation_;
  snapshot_ = next->get();
  publisher_.publish(std::move(*next));
  return Done{};
}

// Sockets and threads stay as they are while the server runs.
void Reloader::note_restart_settings(const ServerConfig& config) {
  for (const std::string_view setting : changed_startup_settings(data_->config.startup, config.startup)) {
    report_.diagnostics.warning(config.place, "'" + std::string(setting) + "' changed: it takes effect at the next start");
  }
}

std::optional<Instant> Reloader::next_change(Instant now) const {
  std::optional<Instant> next;
  if (!data_) return next;
  for (const PinnedSet& set : data_->pinned_sets) {
    for (const std::optional<Instant>& change : {next_answer_change(set, now), next_state_change(set, now)})
      if (change) next = next ? std::min(*next, *change) : *change;
  }
  return next;
}

}  // namespace dnsd
