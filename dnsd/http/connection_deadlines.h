// Ends connections that live too long, whatever they do.
//
// libmicrohttpd's own timeout is for inactivity only: a client that sends an octet a second would live for ever, and
// a few hundred of them would leave no connection for anyone else. A thread looks every second and shuts down each
// socket that is past its deadline; libmicrohttpd then sees it closed and frees it.
//
// Thread safety: all functions may be called from any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>

namespace dnsd {

class ConnectionDeadlines {
 public:
  using Clock = std::chrono::steady_clock;

  explicit ConnectionDeadlines(std::chrono::milliseconds deadline);
  ~ConnectionDeadlines();
  ConnectionDeadlines(const ConnectionDeadlines&) = delete;
  ConnectionDeadlines& operator=(const ConnectionDeadlines&) = delete;

  void opened(int socket);
  // Before the socket is closed: afterwards its number may be somebody else's.
  void closed(int socket);
  // Past half of its time: the next response had better be its last, so that no client is cut off in a request.
  bool is_ageing(int socket) const;

 private:
  void watch();
  void shut_down_expired(Clock::time_point now);

  const std::chrono::milliseconds deadline_;
  mutable std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::unordered_map<int, Clock::time_point> opened_;
  std::thread thread_;
};

}  // namespace dnsd
