#include "dnsd/transport/udp_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "dnsd/transport/listen_socket.h"

namespace dnsd {

namespace {

// Packets taken from the device in one turn of polling; above the kernel's 8 it needs CAP_NET_ADMIN, as SO_BUSY_POLL.
constexpr int busy_poll_budget = 64;

bool set(int fd, int level, int option, int value) {
  return ::setsockopt(fd, level, option, &value, sizeof value) == 0;
}

int value_of(int fd, int option) {
  int value = 0;
  socklen_t size = sizeof value;
  return ::getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 ? value : 0;
}

// The forced form passes the limit of the system; it needs CAP_NET_ADMIN.
void ask_buffer(int fd, int forced, int plain, int octets) {
  if (!set(fd, SOL_SOCKET, forced, octets)) set(fd, SOL_SOCKET, plain, octets);
}

// PREFER leaves the device's interrupts off while somebody polls; kernels before 5.11 do not know it and poll without.
void ask_busy_poll(int fd, int microseconds) {
  if (microseconds == 0 || !set(fd, SOL_SOCKET, SO_BUSY_POLL, microseconds)) return;
  set(fd, SOL_SOCKET, SO_PREFER_BUSY_POLL, 1);
  set(fd, SOL_SOCKET, SO_BUSY_POLL_BUDGET, busy_poll_budget);
}

void compare_buffer(size_t counted, int asked, const char* key, const char* limit, std::vector<std::string>& lines) {
  const auto wanted = static_cast<size_t>(asked);
  if (counted / 2 >= wanted / 2) return;
  lines.push_back("udp." + std::string(key) + ": asked for " + std::to_string(wanted) +
                  " octets, the kernel granted " + std::to_string(counted / 2) + ": `sysctl -w net.core." + limit +
                  "=" + std::to_string(wanted) + "` and restart, or CAP_NET_ADMIN");
}

}  // namespace

// Nothing we send is fragmented, here or on the way (RFC 9715 3.1 R1, R2): fragments are lost by firewalls, and answers
// have been forged by replacing the second one. PROBE sets DF over IPv4 and keeps the kernel from splitting; IPv6 routers
// never split, so there it is the kernel alone that must not, which PROBE does and DONTFRAG says once more. Neither heeds
// the path MTU cache, which anybody's forged ICMP can shrink: what counts is the MTU of the way out. An answer above that
// fails with EMSGSIZE, and udp_batch.cc sends a short one with TC. IP_RECVERR is never set: ICMP errors would then fail
// calls on this socket, which all clients share. Only a wildcard socket asks where each datagram arrived; any other
// answers from the address it is bound to.
bool set_udp_options(int fd, const SocketAddress& at, const UdpSocketOptions& options) {
  ask_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF, options.receive_buffer);
  ask_buffer(fd, SO_SNDBUFFORCE, SO_SNDBUF, options.send_buffer);
  ask_busy_poll(fd, options.busy_poll);
  const bool wildcard = at.is_wildcard();
  if (at.address.family() == Family::ipv4)
    return set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE) &&
           (!wildcard || set(fd, IPPROTO_IP, IP_PKTINFO, 1));
  return set(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE) && set(fd, IPPROTO_IPV6, IPV6_DONTFRAG, 1) &&
         (!wildcard || set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1));
}

UdpSocketGrants granted(int fd) {
  return {static_cast<size_t>(value_of(fd, SO_RCVBUF)), static_cast<size_t>(value_of(fd, SO_SNDBUF)),
          value_of(fd, SO_BUSY_POLL)};
}

std::vector<std::string> shortfalls(const UdpSocketGrants& got, const UdpSocketOptions& asked) {
  std::vector<std::string> lines;
  compare_buffer(got.receive_buffer, asked.receive_buffer, "receive_buffer", "rmem_max", lines);
  compare_buffer(got.send_buffer, asked.send_buffer, "send_buffer", "wmem_max", lines);
  if (got.busy_poll < asked.busy_poll)
    lines.push_back("udp.busy_poll: the kernel does not grant it: it needs CAP_NET_ADMIN, or "
                    "`sysctl -w net.core.busy_read=" + std::to_string(asked.busy_poll) + "` and a restart");
  return lines;
}

}  // namespace dnsd
