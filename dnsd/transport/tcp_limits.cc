#include "dnsd/transport/tcp_limits.h"

#include <cassert>

namespace dnsd {

std::chrono::milliseconds idle_timeout_under_load(const TcpLimits& limits, unsigned open) {
  const unsigned half = limits.connections / 2;
  if (open <= half || limits.least_idle_timeout >= limits.idle_timeout) return limits.idle_timeout;
  if (open >= limits.connections) return limits.least_idle_timeout;
  const std::chrono::milliseconds range = limits.idle_timeout - limits.least_idle_timeout;
  return limits.idle_timeout - range * (open - half) / (limits.connections - half);
}

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
