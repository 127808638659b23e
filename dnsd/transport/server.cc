#include "dnsd/transport/server.h"

namespace dnsd {

Result<std::unique_ptr<Server>> Server::start(Listeners listeners, Publisher& publisher,
                                              const ServerOptions& options) {
  std::unique_ptr<Server> server(new Server(listeners, options));
  const unsigned workers = static_cast<unsigned>(listeners.workers.size());
  for (unsigned i = 0; i < workers; ++i) {
    WorkerOptions of_worker{i,          options.rotation_seed + i, options.udp, options.tcp, options.drain,
                            options.tls, {}};
    if (!options.cores.empty()) of_worker.core = options.cores[i];
    server->workers_.push_back(
        std::make_unique<Worker>(of_worker, std::move(listeners.workers[i]), publisher, server->budget_));
    if (Status started = server->workers_.back()->start(); !started) return started.failure();
  }
  return server;
}

Server::~Server() { stop(); }

void Server::stop() {
  for (const auto& worker : workers_) worker->stop();
  for (const auto& worker : workers_) worker->join();
}

CounterValues Server::counters() const {
  CounterValues sum;
  for (const auto& worker : workers_) sum += worker->counters();
  return sum;
}

}  // namespace dnsd
