// DNS over TCP (RFC 7766) and over TLS (RFC 7858) for one worker: its listening sockets, and the connections accepted
// from them.
//
// Thread safety: belongs to the thread of its loop.
#pragma once

#include <uv.h>

#include <list>
#include <memory>
#include <vector>

#include "base/result.h"
#include "dnsd/tls/tls_context.h"
#include "dnsd/transport/tcp_connection.h"
#include "dnsd/transport/tcp_limits.h"

namespace dnsd {

class TcpService {
 public:
  // The references must outlive the service, `tls` too; it is null where there are no sockets for TLS.
  TcpService(const TcpLimits& limits, ConnectionBudget& budget, const TlsContext* tls, WorkerState& state)
      : limits_(limits), budget_(budget), tls_(tls), state_(state), scratch_(TcpConnection::scratch_octets) {}
  TcpService(const TcpService&) = delete;
  TcpService& operator=(const TcpService&) = delete;

  // Begins to accept from the sockets. Precondition: called once. After it, stop() must be called and the loop run to
  // its end before the service goes.
  Status start(uv_loop_t& loop, std::vector<FileDescriptor> tcp, std::vector<FileDescriptor> tls);
  // Stops accepting, answers what is in hand for at most `grace`, then closes everything.
  void stop(std::chrono::milliseconds grace);

 private:
  struct Listener {
    TcpService* service;
    FileDescriptor socket;
    bool tls = false;
    uv_poll_t poll{};
  };
  struct Held {
    Held(TcpService& owner, Stream stream, const IpAddress& client)
        : service(owner), connection(std::move(stream), client) {}
    TcpService& service;
    TcpConnection connection;
    uv_poll_t poll{};
    std::list<Held>::iterator self;
    uint64_t active_at = 0;  // milliseconds of uv_now
    int events = 0;          // that `poll` waits for
    bool due = false;        // it is in due_
    bool closing = false;
  };

  static void on_acceptable(uv_poll_t* poll, int status, int events);
  static void on_connection(uv_poll_t* poll, int status, int events);

  Status listen(std::vector<FileDescriptor> sockets, bool tls);
  void accept_some(Listener& listener);
  void admit(FileDescriptor socket, bool tls, const IpAddress& client);
  bool hold(Stream stream, const IpAddress& client);
  bool within_limits(const IpAddress& client);
  bool evict(const IpAddress* of_client);
  void pause_accepting(int error);
  void accept_again();

  void serve(Held& held);
  void serve_due();
  void wait_for(Held& held, int events);
  void close(Held& held);
  std::chrono::milliseconds idle_timeout() const { return idle_timeout_under_load(limits_, budget_.open()); }
  void expire();
  void arm_timer();
  void close_own_handles();

  const TcpLimits limits_;
  ConnectionBudget& budget_;
  const TlsContext* const tls_;
  WorkerState& state_;
  std::vector<uint8_t> scratch_;
  uv_loop_t* loop_ = nullptr;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::list<Held> open_;     // the least recently active first
  std::list<Held> closing_;  // until libuv lets go of their handles
  std::vector<Held*> due_;   // have more work at hand
  uv_idle_t due_handle_{};   // runs while due_ is not empty, once in each turn of the loop
  uv_timer_t expiry_{};      // of the least recently active connection; when stopping, the end of the grace period
  uv_timer_t pause_{};       // runs while accepting pauses
  bool started_ = false;
  bool stopping_ = false;
  bool accepting_failed_ = false;  // and was reported
};

}  // namespace dnsd
