#include "pinned_ips/feed_view.h"

#include <algorithm>
#include <tuple>

namespace dnsd {

std::vector<FeedRow> feed_rows(std::span<const PromisedSet> sets, Instant now) {
  std::vector<FeedRow> rows;
  for (const PromisedSet& set : sets) {
    const PinnedPolicy& policy = set.policy_at(now);
    for (const Promise& promise : set.entries)
      if (is_listed(promise, policy, now)) rows.push_back({&set, &promise, state_at(promise, policy, now)});
  }
  std::ranges::sort(rows, [](const FeedRow& a, const FeedRow& b) {
    return std::tie(a.set->name, a.promise->cidr, a.promise->id) < std::tie(b.set->name, b.promise->cidr, b.promise->id);
  });
  return rows;
}

}  // namespace dnsd
