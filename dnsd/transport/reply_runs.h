// Which answers of a batch leave together: equally long ones to one peer are one send, which the kernel cuts into
// datagrams (UDP_SEGMENT, udp(7)). A busy forwarder's answers so go through the network stack once instead of up to
// 32 times.
//
// The rule that keeps the order: an answer is joined only to the last send of its peer, at its end. To one peer
// answers therefore leave in the order of its queries; between peers the order may change. Where lengths differ a run
// ends; one shorter answer may be its last.
//
// Peers are found by a table of one slot for each hash, without probing: a peer that finds another one in its slot
// takes it over, which costs a join at most. Where all peers of a batch differ none of this is done: PeersSeen finds
// that out for 17 instructions an answer, where the table costs 77 (callgrind).
// Thread safety: belongs to one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace dnsd {

// Whether a batch has two answers to one peer: what another one's hash hides goes unnoticed.
class PeersSeen {
 public:
  void clear() {
    repeated_ = false;
    batch_ = (batch_ + 1) & 0xffffff;
    if (batch_ == 0) {  // stamps of 16 million batches ago would look new
      stamps_.fill(0);
      batch_ = 1;
    }
  }
  // Whether there was a reply of this hash in the batch: before(). Where its peer is the same, say found().
  bool add(uint64_t hash, uint8_t reply) {
    uint32_t& stamp = stamps_[hash % stamps_.size()];
    const uint32_t before = std::exchange(stamp, batch_ << 8 | reply);
    if (before >> 8 != batch_) [[likely]] return false;
    before_ = before & 0xff;
    return !repeated_;
  }
  unsigned before() const { return before_; }
  void found() { repeated_ = true; }
  bool repeated() const { return repeated_; }

 private:
  std::array<uint32_t, 1024> stamps_{};  // of the last reply of each hash: its batch, its number
  uint32_t batch_ = 0;
  unsigned before_ = 0;
  bool repeated_ = false;
};

class ReplyRuns {
 public:
  static constexpr unsigned most_replies = 32;
  static constexpr unsigned most_segments = 64;      // UDP_MAX_SEGMENTS of every kernel that has the option
  static constexpr size_t most_octets = 65'000;      // the kernel builds one IP packet: below 65,535 with its headers
  static constexpr uint8_t none = most_replies;
  static_assert(most_replies <= most_segments);      // so that octets alone need counting

  struct Run {
    uint8_t first = 0;     // replies, by number; they are chained by next()
    uint8_t last = 0;
    uint8_t segments = 1;
    bool open = true;      // takes another
    uint32_t segment = 0;  // octets of each, but of the last
    uint32_t octets = 0;   // of all
  };

  void clear() {
    latest_.fill(none);
    replies_ = runs_ = 0;
  }
  unsigned replies() const { return replies_; }
  unsigned size() const { return runs_; }
  const Run& operator[](unsigned run) const { return run_[run]; }
  uint8_t next(uint8_t reply) const { return next_[reply]; }

  // Puts the next reply into a run of its own.
  void add(size_t octets) {
    const auto reply = static_cast<uint8_t>(replies_++);
    run_[runs_++] = {reply, reply, 1, true, static_cast<uint32_t>(octets), static_cast<uint32_t>(octets)};
  }
  // Puts it to the end of the last run of a peer with this hash, where there is one and is_same(run) says that peer and
  // source are the same; else into a run of its own.
  template <typename IsSame>
  void join_or_add(uint64_t hash, size_t octets, IsSame is_same) {
    uint8_t& latest = latest_[hash % slots];
    if (latest != none && takes(run_[latest], octets) && is_same(latest)) return append(run_[latest], octets);
    latest = static_cast<uint8_t>(runs_);
    add(octets);
  }

 private:
  static constexpr size_t slots = 64;

  static bool takes(const Run& run, size_t octets) {
    return run.open && octets <= run.segment && octets > 0 && run.octets + octets <= most_octets;
  }
  void append(Run& run, size_t octets) {
    const auto reply = static_cast<uint8_t>(replies_++);
    next_[run.last] = reply;
    run.last = reply;
    ++run.segments;
    run.octets += static_cast<uint32_t>(octets);
    run.open = octets == run.segment;
  }

  std::array<uint8_t, slots> latest_{};
  std::array<uint8_t, most_replies> next_{};
  std::array<Run, most_replies> run_{};
  unsigned replies_ = 0;
  unsigned runs_ = 0;
};

}  // namespace dnsd
