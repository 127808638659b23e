// What a UDP socket is set to before it is bound, and what the kernel made of it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace dnsd {

struct SocketAddress;

struct UdpSocketOptions {
  int receive_buffer = 4 << 20;  // octets asked for; the kernel may grant less (net.core.rmem_max, net.core.wmem_max)
  int send_buffer = 4 << 20;
  int busy_poll = 0;             // microseconds that a read may poll the device for (SO_BUSY_POLL); 0: none
};

// False: errno says why. Buffers and polling are as the kernel grants them, which is no failure.
bool set_udp_options(int fd, const SocketAddress& at, const UdpSocketOptions& options);

struct UdpSocketGrants {
  size_t receive_buffer = 0;  // octets as the kernel counts them: twice what it grants
  size_t send_buffer = 0;
  int busy_poll = 0;
};
UdpSocketGrants granted(int fd);

// What was asked and not granted, a line each, with what mends it. A buffer counts where less than half was granted.
std::vector<std::string> shortfalls(const UdpSocketGrants& got, const UdpSocketOptions& asked);

}  // namespace dnsd
