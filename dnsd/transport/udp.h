// One UDP socket of one worker: wakes when datagrams wait, answers them in batches.
//
// Thread safety: belongs to the thread of its loop, but for overflow().
#pragma once

#include <uv.h>

#include "base/result.h"
#include "base/file_descriptor.h"
#include "dnsd/transport/udp_batch.h"
#include "dnsd/transport/worker_state.h"

namespace dnsd {

class UdpListener {
 public:
  // The references must outlive the listener; `batch` may be shared by listeners of one thread.
  UdpListener(FileDescriptor socket, UdpBatch& batch, WorkerState& state)
      : socket_(std::move(socket)), batch_(batch), state_(state) {}
  UdpListener(const UdpListener&) = delete;
  UdpListener& operator=(const UdpListener&) = delete;

  // Begins to listen. Precondition: called once. After it, close() must be called and the loop run to its end before
  // the listener goes.
  Status start(uv_loop_t& loop);
  // Answers what waits, then stops. The socket stays open until the listener goes.
  void close();

  // Datagrams the kernel dropped so far because the receive buffer was full. Any thread.
  uint64_t overflow() const;

 private:
  // So many batches in a row; then timers, TCP and the other sockets have their turn.
  static constexpr int most_batches = 8;

  static void on_poll(uv_poll_t* poll, int status, int events);
  void drain();
  void answer(unsigned received);
  void answer_one(const Snapshot& snapshot, Instant now, unsigned index);
  void listen_again();

  FileDescriptor socket_;
  UdpBatch& batch_;
  WorkerState& state_;
  uv_poll_t poll_{};
  bool open_ = false;
};

}  // namespace dnsd
