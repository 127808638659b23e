#include "dnsd/webhooks/retries.h"

#include <algorithm>
#include <array>

namespace dnsd {
namespace {

constexpr Milliseconds second = 1000, minute = 60 * second, hour = 60 * minute;
constexpr std::array<Milliseconds, most_webhook_attempts - 1> delays = {
    5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, longest_webhook_delay};

}  // namespace

std::optional<Milliseconds> webhook_delay(unsigned attempt, double chance) {
  if (attempt == 0 || attempt > delays.size()) return std::nullopt;
  const Milliseconds delay = delays[attempt - 1];
  return delay + static_cast<Milliseconds>(static_cast<double>(delay) * std::clamp(chance, 0.0, 1.0) / 10);
}

std::optional<Milliseconds> webhook_delay(unsigned attempt, double chance, Milliseconds retry_after) {
  const std::optional<Milliseconds> delay = webhook_delay(attempt, chance);
  if (!delay) return std::nullopt;
  return std::max(*delay, std::min(retry_after, longest_webhook_delay));
}

}  // namespace dnsd
