// The sockets dnsd listens on: for each address and each worker one for UDP and one for TCP, for each address of TLS and
// each worker one, all opened before any worker starts, so that whatever is wrong with an address is known at once.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"
#include "base/result.h"
#include "base/file_descriptor.h"
#include "dnsd/transport/udp_socket.h"

namespace dnsd {

struct SocketAddress {
  IpAddress address;
  uint16_t port = 53;
  bool is_wildcard() const { return address == address.with_low_bits_cleared(0); }
  bool operator==(const SocketAddress&) const = default;
};
std::string to_text(const SocketAddress& address);  // "127.0.0.1:53", "[::1]:53"

struct BoundAddress {
  SocketAddress at;     // with the port the kernel chose where 0 was asked
  UdpSocketGrants udp;  // of its UDP sockets, all of which ask the same
};

struct Listeners {
  struct OfWorker {
    std::vector<FileDescriptor> udp;  // by the index of `addresses`
    std::vector<FileDescriptor> tcp;
    std::vector<FileDescriptor> tls;  // by the index of `tls_addresses`
  };
  std::vector<BoundAddress> addresses;
  std::vector<SocketAddress> tls_addresses;
  std::vector<OfWorker> workers;
  std::string not_steered;  // why the kernel does not give a core's packets to its worker, where that was asked
};

struct ListenOptions {
  std::vector<SocketAddress> tls;
  int fast_open = 0;  // length of the queue of TCP fast open (RFC 7413); 0: off
  UdpSocketOptions udp;
  std::vector<unsigned> steer_to;  // the core of each worker, which gets what that core receives; empty: all alike
};

// Opens all of them, non-blocking. An address that another socket of this machine uses is a failure, although our own
// sockets share it (SO_REUSEPORT): the first socket of each address takes it alone. Port 0 lets the kernel choose one
// port for UDP and TCP of all workers. The failure names every address that cannot be used, a line each, with the way
// out. Precondition: workers > 0.
Result<Listeners> open_listeners(std::span<const SocketAddress> addresses, unsigned workers,
                                 const ListenOptions& options = {});

// Whether the text of /proc/sys/net/ipv4/tcp_fastopen lets servers of this machine take data with a SYN. Where not, the
// kernel accepts the option on a socket and does nothing.
bool allows_fast_open(std::string_view tcp_fastopen);

}  // namespace dnsd
