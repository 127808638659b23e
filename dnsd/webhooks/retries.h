// When a webhook that was not taken is sent again, as Standard Webhooks 1.0.0 proposes. Pure functions.
#pragma once

#include <cstdint>
#include <optional>

namespace dnsd {

using Milliseconds = int64_t;

// At once, after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h.
constexpr unsigned most_webhook_attempts = 10;
constexpr Milliseconds longest_webhook_delay = 24 * 3'600'000;

// How long after the attempt with this number (from 1) the next one is made; none after the last. `chance` from 0 to
// 1 makes the delay up to a tenth longer, so that what failed together does not come again together.
std::optional<Milliseconds> webhook_delay(unsigned attempt, double chance);

// The same where the subscriber asked to be left alone so long: not sooner, and never more than a day.
std::optional<Milliseconds> webhook_delay(unsigned attempt, double chance, Milliseconds retry_after);

}  // namespace dnsd
