// The time by which pinned answers change: the wall clock, but never backwards, never before what the ledger has
// recorded, and never in a leap. A wall clock that steps more than a minute against the clock of the machine freezes
// the contract's time, so that no address enters or leaves by a mistake of the clock, until it is back where it should
// be or somebody says that the step was right.
//
// It reads no clock itself. Thread safety: observe() and accept() by one thread; now() by any number of others.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/instant.h"

namespace dnsd {

class ContractClock {
 public:
  // Nanoseconds of CLOCK_REALTIME, of CLOCK_BOOTTIME (it goes on while the machine sleeps) and of CLOCK_MONOTONIC.
  struct Reading {
    int64_t wall = 0, boot = 0, monotonic = 0;
  };

  static constexpr Duration most_step{60};

  // `not_before`: the last instant that is recorded; time stands still there until the wall clock has come to it.
  // Precondition: before the first observe().
  void begin(Instant not_before) { now_ = not_before.seconds * second; }

  // Ten times a second or so. Returns the contract's time.
  Instant observe(const Reading& reading);
  // The wall clock as it is at `reading` is right.
  Instant accept(const Reading& reading);

  bool is_frozen() const { return frozen_; }
  // How far the wall clock is from where it should be; of the last observe().
  Duration step() const { return {step_ / second}; }
  // How far it is behind the contract's time.
  Duration behind() const { return {behind_ / second}; }

  bool has_begun() const { return published_.load(std::memory_order_relaxed) != 0; }
  // Precondition: has_begun().
  Instant now(int64_t monotonic) const {
    const int64_t value = published_.load(std::memory_order_relaxed);
    return {(value < 0 ? -value : monotonic + value) / second};
  }

 private:
  static constexpr int64_t second = 1'000'000'000;

  Instant publish(const Reading& reading);

  int64_t anchor_ = 0;     // wall - boot, as far as it is trusted
  int64_t last_boot_ = 0;
  int64_t now_ = 0;        // the contract's time
  int64_t step_ = 0, behind_ = 0;
  bool began_ = false, frozen_ = false;
  // What is added to the monotonic clock; negative: the time itself, which stands still. One word, so that readers
  // never see half of a change. 0: not yet.
  std::atomic<int64_t> published_{0};
};

}  // namespace dnsd
