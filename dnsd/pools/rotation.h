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
  // No two workers, and no two servers, shall have the same seed.
  explicit RotationState(uint64_t seed) : random(seed) {}

  // Makes room for `slots` cursors. Allocates only when a snapshot brought new pools; call it once a batch.
  void fit(uint32_t slots) {
    if (slots > cursors.size()) grow(slots);
  }

  // What a policy remembers of a ring between two queries.
  struct Cursor {
    uint32_t row = 0;    // that comes next
    uint32_t left = 0;   // rows until the turn is over
    uint32_t first = 0;  // place in the row that comes first; any number, until it is first used
  };
  std::vector<Cursor> cursors;
  Random random;

 private:
  void grow(uint32_t slots);
};

}  // namespace dnsd
