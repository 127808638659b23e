#include "pinned_ips/feed/filter_script.h"

#include "pinned_ips/feed/prefix_sets.h"

namespace dnsd {

std::optional<std::string> filter_script(const FeedView& view, const std::string& preamble, FilterSet filter_set) {
  if (allowed_rows(view.sets, view.now).empty()) return std::nullopt;
  std::string text = "# addresses to be allowed, serial " + std::to_string(view.stamp.serial) + " of " +
                     to_text(view.stamp.generated_at) + "\n" + preamble;
  const PromisedSet* done = nullptr;
  for (const FeedRow& row : feed_rows(view.sets, view.now)) {
    if (row.set == done) continue;
    done = row.set;
    for (const Family family : {Family::ipv4, Family::ipv6}) text += filter_set(*row.set, family, view.now);
  }
  return text;
}

}  // namespace dnsd
