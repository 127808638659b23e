#include "dnsd/control/feed_keeper.h"

#include <sys/stat.h>

#include "base/atomic_file.h"
#include "dnsd/http/feed_content.h"
#include "pinned_ips/feed/feed_document.h"

namespace dnsd {

Status FeedKeeper::restore() {
  struct stat info {};
  if (::stat(stamp_path_.c_str(), &info) != 0 && errno == ENOENT) return Done{};
  const Result<std::string> text = read_file(stamp_path_, 65536);
  if (!text) return text.failure();
  const Result<FeedStamp> stamp = parse_feed_stamp(*text);
  if (!stamp) return Failure{stamp_path_ + ": " + stamp.failure().message};
  stamp_ = *stamp;
  return Done{};
}

Status FeedKeeper::update(const std::vector<PinnedSet>& sets, Instant now) {
  const Result<std::optional<FeedStamp>> next = stamp_feed(stamp_, sets, now);
  if (!next) return next.failure();
  if (*next && *next != stamp_) {
    const Status written = replace_file(stamp_path_, to_text(**next));
    if (!written) return Failure{"the feed stays as it was: " + written.failure().message};
    stamp_ = *next;
  }
  if (!server_) return Done{};
  Result<std::vector<HttpDocument>> documents = feed_content(sets, *next, now);
  if (!documents) return documents.failure();
  auto content = std::make_shared<HttpContent>();
  content->documents = std::move(*documents);
  content->ready = true;
  server_->publish(std::move(content));
  return Done{};
}

}  // namespace dnsd
