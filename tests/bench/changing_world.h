// A data directory that changes: a thousand small zones, and one of 10,000 names with a pool at shaped.example.org. A
// member of the pool comes or goes with each change; everything else stays, as zones do between two reloads.
#pragma once

#include <memory>

#include "workload.h"

namespace dnsd::bench {

class ChangingWorld {
 public:
  // Precondition: members >= 20, so that an answer is full whichever of them are there.
  explicit ChangingWorld(size_t members);

  // A member leaves or comes back, and the TTL of the pool becomes the number of changes so far: an answer tells by it
  // how new it is.
  void change();
  uint32_t changes() const { return changes_; }

  // What there is now, compiled; `previous` is what compile() gave the last time, null at first.
  std::unique_ptr<const Snapshot> compile(const Snapshot* previous);

 private:
  SnapshotInput input_;
  CompiledZoneCache cache_;
  uint32_t changes_ = 0;
  uint64_t generation_ = 0;
};

}  // namespace dnsd::bench
