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

struct UdpOptions {
  bool segmentation = true;  // answers to one peer may leave together, where the kernel can
};

class UdpListener {
 public:
  // The references must outlive the listener; `batch` may be shared by listeners of one thread.
  UdpListener(FileDescriptor socket, const UdpOptions& options, UdpBatch& batch, WorkerState& state)
      : socket_(std::move(socket)), segmenting_(options.segmentation), batch_(batch), state_(state) {}
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
  // Below this a batch says that the queue is empty by now and will be for a while: wait for the next datagram. From
  // here on others have come while it was answered, and one recvmmsg is cheaper than to wait and be woken.
  static constexpr unsigned few = 4;
  // So many batches in a row; then timers, TCP and the other sockets have their turn.
  static constexpr int most_batches = 8;

  static void on_poll(uv_poll_t* poll, int status, int events);
  void drain();
  void answer(unsigned received);
  bool is_answerable(unsigned index);
  void answer_one(const Snapshot& snapshot, Instant now, QueryBatch::Item& item);
  void give_up_segmenting();
  void listen_again();

  FileDescriptor socket_;
  bool segmenting_;
  UdpBatch& batch_;
  WorkerState& state_;
  uv_poll_t poll_{};
  bool open_ = false;
};

}  // namespace dnsd
