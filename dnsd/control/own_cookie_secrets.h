// Cookie secrets of a server that shares none: drawn at the start, and a new one each day (RFC 7873 7.1). The one before
// stays accepted, so that no client notices.
//
// Thread safety: one thread.
#pragma once

#include <functional>
#include <vector>

#include "base/instant.h"
#include "dnsd/snapshot/server_settings.h"

namespace dnsd {

class OwnCookieSecrets {
 public:
  static constexpr Duration lifetime{24 * 3600};

  // `draw` gives random numbers that nobody can guess.
  explicit OwnCookieSecrets(std::function<CookieSecret()> draw) : draw_(std::move(draw)) {}

  // Whether at() would make a new one. A clock that was set back begins a new day.
  bool due(Instant now) const {
    return secrets_.empty() || now < drawn_ || now >= drawn_ + lifetime;
  }
  // The newest first.
  const std::vector<CookieSecret>& at(Instant now) {
    if (!due(now)) return secrets_;
    secrets_.insert(secrets_.begin(), draw_());
    if (secrets_.size() > 2) secrets_.resize(2);
    drawn_ = now;
    return secrets_;
  }

 private:
  std::function<CookieSecret()> draw_;
  std::vector<CookieSecret> secrets_;
  Instant drawn_;
};

}  // namespace dnsd
