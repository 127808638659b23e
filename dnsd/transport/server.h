// All workers together: what main starts and stops.
//
//   Result<Listeners> listeners = open_listeners(addresses, workers);
//   publisher.publish(first snapshot);
//   Result<std::unique_ptr<Server>> server = Server::start(std::move(*listeners), publisher, options);
//   …
//   (*server)->stop();
#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "dnsd/transport/worker.h"

namespace dnsd {

struct ServerOptions {
  UdpOptions udp;
  TcpLimits tcp;
  uint64_t rotation_seed = 0;             // from outside; each worker has another, made of it
  std::chrono::milliseconds drain{2000};  // that TCP clients have left when the server stops
  std::vector<unsigned> cores;            // where each worker's thread stays; empty: anywhere
  const TlsContext* tls = nullptr;        // outlives the server; needed where there are listeners of TLS
};

// Thread safety: one thread at a time.
class Server {
 public:
  // Starts a worker for each of listeners.workers. The publisher must outlive the server, and should have a snapshot:
  // without one, queries go without answer.
  static Result<std::unique_ptr<Server>> start(Listeners listeners, Publisher& publisher,
                                               const ServerOptions& options);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();  // stops

  const std::vector<BoundAddress>& addresses() const { return addresses_; }
  const std::vector<SocketAddress>& tls_addresses() const { return tls_addresses_; }
  size_t worker_count() const { return workers_.size(); }
  const std::vector<unsigned>& cores() const { return cores_; }
  CounterValues counters() const;  // of all workers; goes on working after stop()
  CounterValues counters_of(size_t worker) const { return workers_[worker]->counters(); }

  // Answers what is in hand, closes everything, ends the threads. Takes up to options.drain where TCP clients are in
  // the middle of a query or slow to take their answers. A second call does nothing.
  void stop();

 private:
  Server(const Listeners& listeners, const ServerOptions& options)
      : addresses_(listeners.addresses),
        tls_addresses_(listeners.tls_addresses),
        cores_(options.cores),
        budget_(options.tcp) {}

  std::vector<BoundAddress> addresses_;
  std::vector<SocketAddress> tls_addresses_;
  std::vector<unsigned> cores_;
  ConnectionBudget budget_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace dnsd
