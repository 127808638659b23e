// Hands the current snapshot to the workers: one pointer store to publish, no lock and no wait for readers.
//
// A reader announces the pointer it uses in a slot of its own (a hazard pointer); the publisher frees an old snapshot
// when no slot names it any more. Sequentially consistent atomics give the one ordering that matters: a reader's
// announcement is visible before it looks again whether the pointer is still current.
//
// Thread safety: publish() and reclaim() from one thread at a time; each Reader from one thread at a time.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "dnsd/snapshot/contract_clock.h"

namespace dnsd {

struct Snapshot;

class Publisher {
 public:
  Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;
  ~Publisher();  // precondition: no Reader is left

  // The time by which the snapshots answer.
  ContractClock& clock() { return clock_; }

  // Makes `next` what readers get from now on. The old one is freed by reclaim().
  void publish(std::unique_ptr<const Snapshot> next);
  // Frees old snapshots that nobody reads; how many still wait. Cheap; call it from time to time.
  size_t reclaim();

  class Reader;

  // The snapshot for one batch. Hold it as short as the batch; null before the first publish().
  class Guard {
   public:
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
    ~Guard() { slot_->store(nullptr, std::memory_order_release); }
    const Snapshot* get() const { return snapshot_; }
    const Snapshot& operator*() const { return *snapshot_; }
    const Snapshot* operator->() const { return snapshot_; }
    explicit operator bool() const { return snapshot_ != nullptr; }

   private:
    friend class Reader;
    Guard(std::atomic<const Snapshot*>* slot, const Snapshot* snapshot) : slot_(slot), snapshot_(snapshot) {}
    std::atomic<const Snapshot*>* slot_;
    const Snapshot* snapshot_;
  };

  // One per thread that reads. Its guards must not overlap, and must end before it does.
  class Reader {
   public:
    explicit Reader(Publisher& publisher);
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader();

    Guard read() {
      const Snapshot* seen = publisher_.current_.load();
      for (;;) {
        slot_.store(seen);
        const Snapshot* again = publisher_.current_.load();
        if (again == seen) return Guard(&slot_, seen);
        seen = again;
      }
    }

    const ContractClock& clock() const { return publisher_.clock_; }

   private:
    friend class Publisher;
    Publisher& publisher_;
    alignas(64) std::atomic<const Snapshot*> slot_{nullptr};
  };

 private:
  ContractClock clock_;
  std::atomic<const Snapshot*> current_{nullptr};
  std::mutex mutex_;  // of what follows; never taken by Reader::read()
  std::vector<Reader*> readers_;
  std::vector<std::unique_ptr<const Snapshot>> old_;
};

}  // namespace dnsd
