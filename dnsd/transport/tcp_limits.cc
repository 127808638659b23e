#include "dnsd/transport/tcp_limits.h"

#include <cassert>

namespace dnsd {

ConnectionBudget::Verdict ConnectionBudget::take(const IpAddress& client) {
  const std::lock_guard lock(mutex_);
  const auto found = by_client_.find(counted_as(client));
  const unsigned held = found == by_client_.end() ? 0 : found->second;
  if (held >= limits_.per_client) return Verdict::client_full;
  if (open_ >= limits_.connections) return Verdict::full;
  ++open_;
  ++by_client_[counted_as(client)];
  return Verdict::granted;
}

void ConnectionBudget::release(const IpAddress& client) {
  const std::lock_guard lock(mutex_);
  const auto found = by_client_.find(counted_as(client));
  assert(found != by_client_.end() && open_ > 0);
  --open_;
  if (--found->second == 0) by_client_.erase(found);
}

}  // namespace dnsd
