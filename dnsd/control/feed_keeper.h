// Keeps the public feed in step with what is answered: stamp, state file, documents.
//
// The stamp is on disk before the document that bears it is shown, so that a serial never stands for two contents.
// Thread safety: one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "dnsd/http/http_server.h"
#include "pinned_ips/feed/feed_serial.h"
#include "pinned_ips/pinned_set.h"

namespace dnsd {

class FeedKeeper {
 public:
  // `stamp_path` is state/feed.json. `server` may be null: then the stamp is kept all the same, for zone-edit.
  FeedKeeper(std::string stamp_path, HttpServer* server) : stamp_path_(std::move(stamp_path)), server_(server) {}

  // Reads the stamp of the last run. A file that is damaged is a failure that says the way out: a serial must not fall.
  Status restore();
  // Renders what holds at `now` and shows it. After a failure the documents before it stay in service.
  Status update(const std::vector<PinnedSet>& sets, Instant now);

  const std::optional<FeedStamp>& stamp() const { return stamp_; }

 private:
  const std::string stamp_path_;
  HttpServer* server_;
  std::optional<FeedStamp> stamp_;
};

}  // namespace dnsd
