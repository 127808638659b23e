#include "dnsd/transport/worker.h"

#include <pthread.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <string>
#include <system_error>

#include "dnsd/transport/cores.h"

namespace dnsd {

namespace {

Status check(int result, const char* what) {
  if (result == 0) return Done{};
  return Failure{std::string("cannot start a worker: ") + what + ": " + uv_strerror(result)};
}

// Signals are for the main thread: a thread begins with the mask of the one that made it.
class AllSignalsBlocked {
 public:
  AllSignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  AllSignalsBlocked(const AllSignalsBlocked&) = delete;
  AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;
  ~AllSignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

}  // namespace

Worker::Worker(const WorkerOptions& options, Listeners::OfWorker sockets, Publisher& publisher,
               ConnectionBudget& budget)
    : options_(options),
      tcp_sockets_(std::move(sockets.tcp)),
      tls_sockets_(std::move(sockets.tls)),
      state_(publisher, RotationState(options.rotation_seed)),
      tcp_(options.tcp, budget, options.tls, state_) {
  for (FileDescriptor& socket : sockets.udp)
    udp_.push_back(std::make_unique<UdpListener>(std::move(socket), options.udp, batch_, state_));
}

Worker::~Worker() {
  stop();
  join();
}

Status Worker::open_handles() {
  if (Status made = check(uv_loop_init(&loop_), "event loop"); !made) return made;
  loop_open_ = true;
  stop_.data = this;
  const auto on_stop = [](uv_async_t* async) { static_cast<Worker*>(async->data)->close_handles(); };
  if (Status made = check(uv_async_init(&loop_, &stop_, on_stop), "wake-up"); !made) return made;
  for (const auto& listener : udp_)
    if (Status listening = listener->start(loop_); !listening) return listening;
  return tcp_.start(loop_, std::move(tcp_sockets_), std::move(tls_sockets_));
}

Status Worker::start() {
  Status opened = open_handles();
  if (opened) {
    try {
      const AllSignalsBlocked blocked;
      thread_ = std::thread([this] {
        pthread_setname_np(pthread_self(), ("worker-" + std::to_string(options_.index)).c_str());
        uv_run(&loop_, UV_RUN_DEFAULT);
      });
      return options_.core ? pin(thread_, *options_.core) : Status(Done{});
    } catch (const std::system_error& error) {
      opened = Failure{std::string("cannot start a worker: ") + error.what()};
    }
  }
  if (loop_open_) {
    close_handles();
    uv_run(&loop_, UV_RUN_DEFAULT);
  }
  return opened;
}

void Worker::stop() {
  if (thread_.joinable()) uv_async_send(&stop_);
}

void Worker::join() {
  if (thread_.joinable()) thread_.join();
  if (!loop_open_) return;
  loop_open_ = false;
  if (uv_loop_close(&loop_) != 0) spdlog::error("a worker's event loop ended with handles open");
}

// On the worker's thread, or where there is none. The loop ends when the last handle is closed.
void Worker::close_handles() {
  for (const auto& listener : udp_) listener->close();
  tcp_.stop(options_.drain);
  uv_handle_t* stop = reinterpret_cast<uv_handle_t*>(&stop_);
  if (stop_.loop && !uv_is_closing(stop)) uv_close(stop, nullptr);
}

CounterValues Worker::counters() const {
  CounterValues values = state_.counters.read();
  for (const auto& listener : udp_) values.values[static_cast<size_t>(Counter::udp_overflow)] += listener->overflow();
  return values;
}

}  // namespace dnsd
