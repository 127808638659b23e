// Who is connected over HTTP, and who has to go.
//
// A place is given to whoever comes. Where all are taken, or all of one client, the connection goes that has waited
// longest without a complete request; if none waits, the one that has been sent its response the longest. So a crowd of
// idle or dribbling connections keeps nobody out: it only pushes out its own. And every connection ends at its deadline,
// whatever it does: libmicrohttpd's own timeout is for inactivity only, and a client that sends or takes an octet a second
// would live for ever. Who goes is shut down; libmicrohttpd then sees the socket closed, and frees it.
//
// Thread safety: all functions may be called from any thread.
#pragma once

#include <sys/socket.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>

namespace dnsd {

class ConnectionTable {
 public:
  using Clock = std::chrono::steady_clock;

  struct Limits {
    size_t connections = 1;
    size_t per_client = 1;  // of one IPv4 address or one IPv6 /64
    std::chrono::milliseconds deadline{10000};
  };

  struct Counts {
    uint64_t open = 0;       // those among them that are about to go are left out
    uint64_t made_room = 0;  // ended for others
    uint64_t expired = 0;    // ended at their deadline
  };

  explicit ConnectionTable(const Limits& limits);
  ~ConnectionTable();
  ConnectionTable(const ConnectionTable&) = delete;
  ConnectionTable& operator=(const ConnectionTable&) = delete;

  void opened(int socket, const sockaddr& client);
  void asked(int socket);     // its request is complete
  void answered(int socket);  // its response has been handed over; it waits again
  // Before the socket is closed: afterwards its number may be somebody else's.
  void closed(int socket);
  // Past half of its time: the next response had better be its last, so that no client is cut off in a request.
  bool is_ageing(int socket) const;
  Counts counts() const;

 private:
  using Client = std::array<uint8_t, 16>;
  // Sockets by what they do, the longest first.
  struct Queue {
    std::list<int> waiting, answering;
    size_t size() const { return waiting.size() + answering.size(); }
    std::list<int>& of(bool answering_ones) { return answering_ones ? answering : waiting; }
  };
  struct Connection {
    Client client;
    Clock::time_point opened;
    bool is_answering = false;
    bool is_ending = false;  // shut down, and in no queue
    std::list<int>::iterator in_all{}, in_client{};
  };

  static Client client_of(const sockaddr& address);
  void join(int socket, Connection& connection, bool is_answering);
  void leave(Connection& connection);
  void end(int socket, Connection& connection);
  void make_room(Queue& queue);
  void move(int socket, bool is_answering);
  void watch();
  void end_expired(Clock::time_point now);

  const Limits limits_;
  mutable std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::unordered_map<int, Connection> connections_;
  Queue all_;
  std::map<Client, Queue> by_client_;
  Counts counts_;  // but for `open`
  std::thread thread_;
};

}  // namespace dnsd
