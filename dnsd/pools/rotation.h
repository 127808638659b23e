// Where each worker stands in each ring. Survives snapshots: a pool keeps its slot number as long as it exists.
//
// Thread safety: one RotationState per worker thread, never shared.
#pragma once

#include <cstdint>
#include <vector>

namespace dnsd {

// A small fast generator (SplitMix64) for choices that need no secrecy. The seed comes from outside.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // Uniform in [0, bound) but for a bias below bound / 2^32. Precondition: bound > 0.
  uint32_t below(uint32_t bound) { return static_cast<uint32_t>((next() >> 32) * bound >> 32); }

 private:
  uint64_t state_;
};

struct RotationState {
  // `worker` of `workers` sets the stagger: workers begin at different places of every ring.
  RotationState(unsigned worker, unsigned workers, uint64_t seed);

  // Makes room for `slots` cursors; new ones begin at the worker's stagger. Allocates only when a snapshot brought
  // new pools; call it once a batch.
  void fit(uint32_t slots) {
    if (slots > cursors.size()) grow(slots);
  }

  // A fraction of the ring in 1/2^32 before a cursor's first use, a position in the ring after it.
  struct Cursor {
    uint32_t position = 0;
    bool started = false;
  };
  std::vector<Cursor> cursors;
  Random random;
  uint32_t stagger;  // in 1/2^32 of a ring

 private:
  void grow(uint32_t slots);
};

}  // namespace dnsd
