// A server with one small zone on free ports of the loopback, and clients of it.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <memory>
#include <string>
#include <vector>

#include "dnsd/snapshot/compile.h"
#include "dnsd/tls/tls_context.h"
#include "dnsd/transport/peer_address.h"
#include "dnsd/transport/server.h"

namespace dnsd::transport_test {

using Message = std::vector<uint8_t>;

inline IpAddress ip(const std::string& text) { return IpAddress::parse(text).value(); }

// example. with www A 192.0.2.<last octet>, pool A from a pool of four, big TXT of about 40,000 octets, and most TXT,
// whose answer has 65,535 octets.
std::unique_ptr<Snapshot> small_snapshot(uint64_t generation = 1, uint8_t last_octet = 1);

Message query(const std::string& name, uint16_t type, uint16_t id);
uint16_t id_of(const Message& message);
unsigned rcode_of(const Message& message);
unsigned answer_count(const Message& message);
Message framed(const Message& message);

class SmallServer {
 public:
  explicit SmallServer(const std::vector<std::string>& addresses = {"127.0.0.1"}, const ServerOptions& options = {},
                       unsigned workers = 2);
  ~SmallServer();

  SocketAddress at(size_t index = 0) const { return server->addresses()[index].at; }
  // With options.cores each worker gets what its core receives. With options.tls there is TLS on 127.0.0.1.
  SocketAddress at_tls() const { return server->tls_addresses()[0]; }
  uint64_t count(Counter counter) const { return server->counters()[counter]; }
  // Waits up to five seconds for a counter to reach `value`; whether it did.
  bool reaches(Counter counter, uint64_t value) const;
  // Waits up to ten seconds for a counter to begin and then to stand still; whether it did.
  bool settles(Counter counter) const;

  Publisher publisher;
  std::unique_ptr<Server> server;
};

class UdpClient {
 public:
  // Unconnected, so that it sees answers from any address.
  explicit UdpClient(Family family = Family::ipv4);
  void send(const SocketAddress& to, const Message& message);
  // Empty after `wait` without one.
  Message receive(std::chrono::milliseconds wait = std::chrono::seconds(5));
  Message ask(const SocketAddress& to, const Message& message) {
    send(to, message);
    return receive();
  }
  SocketAddress answered_from;  // the source of the last message received
  int fd() const { return socket_.get(); }

 private:
  FileDescriptor socket_;
};

class TcpClient {
 public:
  // From 127.0.0.1, or the address given. Fails the test where the connection is refused.
  explicit TcpClient(const SocketAddress& to, const std::string& from = "");
  void send(const Message& octets);
  void half_close() { ::shutdown(socket_.get(), SHUT_WR); }
  // The next message; empty where the connection ended or nothing came within `wait`.
  Message receive(std::chrono::milliseconds wait = std::chrono::seconds(5));
  // Whether the server ends the connection within `wait`, sending nothing more.
  bool ends(std::chrono::milliseconds wait = std::chrono::seconds(5));
  int fd() const { return socket_.get(); }

 private:
  bool receive_exactly(uint8_t* octets, size_t n, std::chrono::steady_clock::time_point until);
  FileDescriptor socket_;
};

}  // namespace dnsd::transport_test
