// One thread that answers: its own event loop, its own sockets, its own cursors and counters. Workers share nothing
// but the snapshot and the budget of TCP connections.
#pragma once

#include <uv.h>

#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.h"
#include "dnsd/transport/listen_socket.h"
#include "dnsd/transport/tcp.h"
#include "dnsd/transport/udp.h"

namespace dnsd {

struct WorkerOptions {
  unsigned index = 0;          // names its thread
  uint64_t rotation_seed = 0;  // its own
  UdpOptions udp;
  TcpLimits tcp;
  std::chrono::milliseconds drain{2000};  // for TCP clients, when stopping
  const TlsContext* tls = nullptr;        // needed where there are sockets for TLS
  std::optional<unsigned> core;           // where its thread stays
};

// Thread safety: start(), stop() and join() from one thread; counters() from any, between start() and destruction.
class Worker {
 public:
  // The references must outlive the worker.
  Worker(const WorkerOptions& options, Listeners::OfWorker sockets, Publisher& publisher, ConnectionBudget& budget);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker();  // stops and joins

  // Precondition: called once. After a failure only destruction is left.
  Status start();
  // Asks the thread to end: it accepts no more, answers what is in hand, closes. Returns at once.
  void stop();
  void join();

  CounterValues counters() const;

 private:
  Status open_handles();
  void close_handles();

  const WorkerOptions options_;
  std::vector<FileDescriptor> tcp_sockets_;  // until start()
  std::vector<FileDescriptor> tls_sockets_;  // the same
  WorkerState state_;
  UdpBatch batch_;
  std::vector<std::unique_ptr<UdpListener>> udp_;
  TcpService tcp_;
  uv_loop_t loop_{};
  uv_async_t stop_{};
  bool loop_open_ = false;
  std::thread thread_;
};

}  // namespace dnsd
