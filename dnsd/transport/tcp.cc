#include "dnsd/transport/tcp.h"

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

#include "dnsd/transport/peer_address.h"

namespace dnsd {

namespace {

constexpr int accepts_per_turn = 64;
constexpr uint64_t accept_pause_ms = 100;
constexpr uint64_t most_ms_between_looks_at_load = 250;

uv_handle_t* handle(auto& specific) { return reinterpret_cast<uv_handle_t*>(&specific); }

// Errors of accept() that concern the one connection that was to be accepted (accept(2), "Error handling").
bool concerns_one_connection(int error) {
  switch (error) {
    case EINTR: case ECONNABORTED: case EPROTO: case ENETDOWN: case ENOPROTOOPT: case EHOSTDOWN: case ENONET:
    case EHOSTUNREACH: case EOPNOTSUPP: case ENETUNREACH: case EPERM:
      return true;
    default:
      return false;
  }
}

}  // namespace

Status TcpService::start(uv_loop_t& loop, std::vector<FileDescriptor> tcp, std::vector<FileDescriptor> tls) {
  loop_ = &loop;
  started_ = true;
  uv_timer_init(loop_, &expiry_);
  uv_timer_init(loop_, &pause_);
  uv_idle_init(loop_, &due_handle_);
  expiry_.data = pause_.data = due_handle_.data = this;
  if (Status listening = listen(std::move(tcp), false); !listening) return listening;
  return listen(std::move(tls), true);
}

Status TcpService::listen(std::vector<FileDescriptor> sockets, bool tls) {
  for (FileDescriptor& socket : sockets) {
    auto listener = std::make_unique<Listener>(Listener{this, std::move(socket), tls, {}});
    if (const int failed = uv_poll_init(loop_, &listener->poll, listener->socket.get()))
      return Failure{std::string("cannot wait for TCP connections: ") + uv_strerror(failed)};
    listener->poll.data = listener.get();
    uv_poll_start(&listener->poll, UV_READABLE, on_acceptable);
    listeners_.push_back(std::move(listener));
  }
  return Done{};
}

// ---- accepting ---------------------------------------------------------------------------------------------------

void TcpService::on_acceptable(uv_poll_t* poll, int status, int) {
  Listener& listener = *static_cast<Listener*>(poll->data);
  if (status < 0) uv_poll_start(poll, UV_READABLE, on_acceptable);  // libuv stops at an error
  listener.service->accept_some(listener);
}

void TcpService::accept_some(Listener& listener) {
  for (int i = 0; i < accepts_per_turn; ++i) {
    PeerAddress peer;
    socklen_t size = PeerAddress::room;
    FileDescriptor socket(::accept4(listener.socket.get(), peer.any(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) {
      accepting_failed_ = false;
      admit(std::move(socket), listener.tls, peer.address());
    } else if (!concerns_one_connection(errno)) {
      if (errno != EAGAIN && errno != EWOULDBLOCK) pause_accepting(errno);
      return;
    }
  }
}

void TcpService::admit(FileDescriptor socket, bool tls, const IpAddress& client) {
  if (!within_limits(client)) return state_.counters.add(Counter::tcp_rejected);
  SslHandle secured = tls ? tls_->new_connection() : nullptr;
  const bool held = (secured || !tls) && hold(tls ? Stream(std::move(socket), std::move(secured))
                                                  : Stream(std::move(socket)), client);
  if (!held) {
    budget_.release(client);
    return state_.counters.add(Counter::tcp_rejected);
  }
  state_.counters.add(Counter::tcp_connections);
  state_.counters.add(Counter::tcp_open);
  if (tls) state_.counters.add(Counter::tls_open);
  if (!stopping_) expire();  // the load rose
}

bool TcpService::hold(Stream stream, const IpAddress& client) {
  Held& held = open_.emplace_back(*this, std::move(stream), client);
  held.self = std::prev(open_.end());
  held.active_at = uv_now(loop_);
  held.poll.data = &held;
  if (uv_poll_init(loop_, &held.poll, held.connection.fd()) != 0) {
    open_.pop_back();
    return false;
  }
  wait_for(held, UV_READABLE);
  return true;
}

// Takes the client's share of the budget; where that is used up, at the cost of an idle connection of this worker.
bool TcpService::within_limits(const IpAddress& client) {
  ConnectionBudget::Verdict verdict = budget_.take(client);
  if (verdict == ConnectionBudget::Verdict::granted) return true;
  const bool evicted = evict(verdict == ConnectionBudget::Verdict::client_full ? &client : nullptr);
  return evicted && budget_.take(client) == ConnectionBudget::Verdict::granted;
}

// Closes the connection that is idle longest; with `of_client`, of this client's connections.
bool TcpService::evict(const IpAddress* of_client) {
  for (Held& held : open_) {
    if (of_client && !ConnectionBudget::count_as_one(held.connection.client(), *of_client)) continue;
    if (!held.connection.is_idle()) continue;
    close(held);
    state_.counters.add(Counter::tcp_evicted);
    return true;
  }
  return false;
}

// Out of descriptors or memory: the waiting connection would wake the loop again at once and for ever.
void TcpService::pause_accepting(int error) {
  state_.counters.add(Counter::tcp_accept_pauses);
  if (!accepting_failed_)
    spdlog::warn("cannot accept TCP connections: {}; trying again every {} ms",
                 std::generic_category().message(error), accept_pause_ms);
  accepting_failed_ = true;
  for (const auto& listener : listeners_) uv_poll_stop(&listener->poll);
  const auto on_time = [](uv_timer_t* timer) { static_cast<TcpService*>(timer->data)->accept_again(); };
  if (!stopping_) uv_timer_start(&pause_, on_time, accept_pause_ms, 0);
}

void TcpService::accept_again() {
  for (const auto& listener : listeners_) uv_poll_start(&listener->poll, UV_READABLE, on_acceptable);
}

// ---- connections -------------------------------------------------------------------------------------------------

void TcpService::on_connection(uv_poll_t* poll, int status, int) {
  Held& held = *static_cast<Held*>(poll->data);
  if (status < 0) return held.service.close(held);
  held.service.serve(held);
}

void TcpService::serve(Held& held) {
  const int64_t idle_units = std::min<int64_t>(idle_timeout() / std::chrono::milliseconds(100), UINT16_MAX);
  const TcpConnection::Turn turn =
      held.connection.turn(state_, limits_, static_cast<uint16_t>(idle_units), scratch_);
  if (turn.over || (stopping_ && !turn.more && held.connection.is_at_rest())) return close(held);
  if (turn.active) {
    held.active_at = uv_now(loop_);
    open_.splice(open_.end(), open_, held.self);
  }
  if (turn.more && !held.due) {
    held.due = true;
    due_.push_back(&held);
    const auto on_idle = [](uv_idle_t* idle) { static_cast<TcpService*>(idle->data)->serve_due(); };
    uv_idle_start(&due_handle_, on_idle);
  }
  const bool read = !turn.more && held.connection.wants_to_read(limits_);
  wait_for(held, (read ? UV_READABLE : 0) | (held.connection.wants_to_write() ? UV_WRITABLE : 0));
}

// One more turn for each; those that are still not done queue up for the next turn of the loop.
void TcpService::serve_due() {
  std::vector<Held*> due;
  due.swap(due_);
  for (Held* held : due) held->due = false;
  for (Held* held : due)
    if (!held->closing) serve(*held);
  if (due_.empty()) uv_idle_stop(&due_handle_);
}

void TcpService::wait_for(Held& held, int events) {
  if (events == held.events) return;
  held.events = events;
  if (events == 0) {
    uv_poll_stop(&held.poll);
  } else {
    uv_poll_start(&held.poll, events, on_connection);
  }
}

void TcpService::close(Held& held) {
  if (held.due) std::erase(due_, &held);
  held.closing = true;
  budget_.release(held.connection.client());
  state_.counters.subtract(Counter::tcp_open);
  if (held.connection.stream().is_tls()) {
    state_.counters.subtract(Counter::tls_open);
    if (!held.connection.stream().is_secured()) state_.counters.add(Counter::tls_handshake_failures);
  }
  closing_.splice(closing_.end(), open_, held.self);
  uv_close(handle(held.poll), [](uv_handle_t* closed) {
    Held& gone = *static_cast<Held*>(closed->data);
    gone.service.closing_.erase(gone.self);
  });
  held.connection.close();
  if (stopping_ && open_.empty()) close_own_handles();
}

// ---- time and end ------------------------------------------------------------------------------------------------

// Each that is closed eases the load, so that no more are closed than must be.
void TcpService::expire() {
  const auto idle = [this] { return std::chrono::milliseconds(uv_now(loop_) - open_.front().active_at); };
  while (!open_.empty() && idle() >= idle_timeout()) {
    close(open_.front());
    state_.counters.add(Counter::tcp_timed_out);
  }
  arm_timer();
}

// For the connection at the front: activity since then only makes it fire early once. Other workers' connections count
// as load, too, which is looked at now and then.
void TcpService::arm_timer() {
  if (open_.empty()) return;
  const uint64_t timeout = static_cast<uint64_t>(idle_timeout().count());
  const uint64_t passed = uv_now(loop_) - open_.front().active_at;
  const auto on_time = [](uv_timer_t* timer) { static_cast<TcpService*>(timer->data)->expire(); };
  const uint64_t left = timeout > passed ? timeout - passed : 0;
  uv_timer_start(&expiry_, on_time, std::min(left, most_ms_between_looks_at_load), 0);
}

void TcpService::stop(std::chrono::milliseconds grace) {
  if (!started_ || stopping_) return;
  for (const auto& listener : listeners_) accept_some(*listener);  // they have connected, and perhaps asked
  stopping_ = true;
  uv_timer_stop(&pause_);
  for (const auto& listener : listeners_) {
    uv_close(handle(listener->poll), nullptr);
    listener->socket.reset();
  }
  if (open_.empty()) return close_own_handles();
  const auto on_time = [](uv_timer_t* timer) {
    TcpService& self = *static_cast<TcpService*>(timer->data);
    while (!self.open_.empty()) self.close(self.open_.front());
  };
  uv_timer_start(&expiry_, on_time, static_cast<uint64_t>(grace.count()), 0);
  std::vector<Held*> all;
  for (Held& held : open_) all.push_back(&held);
  for (Held* held : all) serve(*held);
}

void TcpService::close_own_handles() {
  for (uv_handle_t* own : {handle(expiry_), handle(pause_), handle(due_handle_)})
    if (!uv_is_closing(own)) uv_close(own, nullptr);
}

}  // namespace dnsd
