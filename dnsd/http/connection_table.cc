#include "dnsd/http/connection_table.h"

#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace dnsd {
namespace {

std::chrono::milliseconds sweep_interval(std::chrono::milliseconds deadline) {
  return std::clamp(deadline / 4, std::chrono::milliseconds(10), std::chrono::milliseconds(1000));
}

}  // namespace

ConnectionTable::ConnectionTable(const Limits& limits) : limits_(limits), thread_([this] { watch(); }) {}

ConnectionTable::~ConnectionTable() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

// An IPv4 address is its mapped IPv6 address: no /64 of a real client holds those.
ConnectionTable::Client ConnectionTable::client_of(const sockaddr& address) {
  Client client{};
  if (address.sa_family == AF_INET6) {
    std::memcpy(client.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, 8);
  } else if (address.sa_family == AF_INET) {
    client[10] = client[11] = 0xff;
    std::memcpy(client.data() + 12, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, 4);
  }
  return client;
}

void ConnectionTable::opened(int socket, const sockaddr& address) {
  const std::lock_guard lock(mutex_);
  const Client client = client_of(address);
  if (Queue& own = by_client_[client]; own.size() >= limits_.per_client) make_room(own);
  if (all_.size() >= limits_.connections) make_room(all_);
  Connection& connection = connections_[socket];
  connection = {client, Clock::now()};
  join(socket, connection, false);
}

void ConnectionTable::asked(int socket) { move(socket, true); }
void ConnectionTable::answered(int socket) { move(socket, false); }

void ConnectionTable::closed(int socket) {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(socket);
  if (found == connections_.end()) return;
  leave(found->second);
  connections_.erase(found);
}

bool ConnectionTable::is_ageing(int socket) const {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(socket);
  return found != connections_.end() && Clock::now() - found->second.opened > limits_.deadline / 2;
}

ConnectionTable::Counts ConnectionTable::counts() const {
  const std::lock_guard lock(mutex_);
  Counts counts = counts_;
  counts.open = all_.size();
  return counts;
}

void ConnectionTable::move(int socket, bool is_answering) {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(socket);
  if (found == connections_.end() || found->second.is_ending) return;
  leave(found->second);
  join(socket, found->second, is_answering);
}

void ConnectionTable::join(int socket, Connection& connection, bool is_answering) {
  connection.is_answering = is_answering;
  std::list<int>& all = all_.of(is_answering);
  std::list<int>& own = by_client_[connection.client].of(is_answering);
  connection.in_all = all.insert(all.end(), socket);
  connection.in_client = own.insert(own.end(), socket);
}

void ConnectionTable::leave(Connection& connection) {
  if (connection.is_ending) return;
  const auto own = by_client_.find(connection.client);
  all_.of(connection.is_answering).erase(connection.in_all);
  own->second.of(connection.is_answering).erase(connection.in_client);
  if (own->second.size() == 0) by_client_.erase(own);
}

// Under the mutex: closed() waits, so the number still means this connection.
void ConnectionTable::end(int socket, Connection& connection) {
  leave(connection);
  connection.is_ending = true;
  ::shutdown(socket, SHUT_RDWR);
}

void ConnectionTable::make_room(Queue& queue) {
  const int socket = queue.waiting.empty() ? queue.answering.front() : queue.waiting.front();
  ++counts_.made_room;
  end(socket, connections_.at(socket));
}

void ConnectionTable::watch() {
  std::unique_lock lock(mutex_);
  while (!stop_.wait_for(lock, sweep_interval(limits_.deadline), [this] { return stopping_; })) end_expired(Clock::now());
}

void ConnectionTable::end_expired(Clock::time_point now) {
  for (auto& [socket, connection] : connections_) {
    if (connection.is_ending || now - connection.opened <= limits_.deadline) continue;
    ++counts_.expired;
    end(socket, connection);
  }
}

}  // namespace dnsd
