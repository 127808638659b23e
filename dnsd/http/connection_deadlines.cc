#include "dnsd/http/connection_deadlines.h"

#include <sys/socket.h>

#include <algorithm>

namespace dnsd {
namespace {

std::chrono::milliseconds sweep_interval(std::chrono::milliseconds deadline) {
  return std::clamp(deadline / 4, std::chrono::milliseconds(10), std::chrono::milliseconds(1000));
}

}  // namespace

ConnectionDeadlines::ConnectionDeadlines(std::chrono::milliseconds deadline)
    : deadline_(deadline), thread_([this] { watch(); }) {}

ConnectionDeadlines::~ConnectionDeadlines() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void ConnectionDeadlines::opened(int socket) {
  const std::lock_guard lock(mutex_);
  opened_[socket] = Clock::now();
}

void ConnectionDeadlines::closed(int socket) {
  const std::lock_guard lock(mutex_);
  opened_.erase(socket);
}

bool ConnectionDeadlines::is_ageing(int socket) const {
  const std::lock_guard lock(mutex_);
  const auto found = opened_.find(socket);
  return found != opened_.end() && Clock::now() - found->second > deadline_ / 2;
}

void ConnectionDeadlines::watch() {
  std::unique_lock lock(mutex_);
  while (!stop_.wait_for(lock, sweep_interval(deadline_), [this] { return stopping_; }))
    shut_down_expired(Clock::now());
}

// Under the mutex: closed() waits, so the number still means this connection.
void ConnectionDeadlines::shut_down_expired(Clock::time_point now) {
  for (const auto& [socket, opened] : opened_)
    if (now - opened > deadline_) ::shutdown(socket, SHUT_RDWR);
}

}  // namespace dnsd
