#include "dnsd/snapshot/contract_clock.h"

#include <algorithm>
#include <cstdlib>

namespace dnsd {

// A clock that is only disciplined (NTP slews by 500 ppm at most) takes the anchor along; many small steps do not.
Instant ContractClock::observe(const Reading& reading) {
  if (!began_) return accept(reading);
  step_ = reading.wall - (anchor_ + reading.boot);
  frozen_ = std::abs(step_) > most_step.seconds * second;
  if (!frozen_) {
    const int64_t slew = std::max<int64_t>(reading.boot - last_boot_, 0) / 1000;
    anchor_ += std::clamp(step_, -slew, slew);
  }
  last_boot_ = reading.boot;
  return publish(reading);
}

Instant ContractClock::accept(const Reading& reading) {
  began_ = true;
  frozen_ = false;
  step_ = 0;
  anchor_ = reading.wall - reading.boot;
  last_boot_ = reading.boot;
  return publish(reading);
}

Instant ContractClock::publish(const Reading& reading) {
  if (!frozen_) now_ = std::max(now_, reading.wall);
  behind_ = frozen_ ? 0 : now_ - reading.wall;
  const bool stands_still = frozen_ || behind_ > 0;
  published_.store(stands_still ? -now_ : now_ - reading.monotonic, std::memory_order_relaxed);
  return {now_ / second};
}

}  // namespace dnsd
