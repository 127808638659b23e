#include "dnsd/http/listen_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace dnsd {
namespace {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

SocketAddress socket_address(const IpAddress& address, uint16_t port) {
  SocketAddress result;
  if (address.family() == Family::ipv4) {
    auto* v4 = reinterpret_cast<sockaddr_in*>(&result.storage);
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    std::memcpy(&v4->sin_addr, address.octets().data(), 4);
    result.size = sizeof *v4;
  } else {
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&result.storage);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    std::memcpy(&v6->sin6_addr, address.octets().data(), 16);
    result.size = sizeof *v6;
  }
  return result;
}

std::string way_out(int error) {
  switch (error) {
    case EADDRINUSE: return "; stop what listens there, or give http.listen another port";
    case EADDRNOTAVAIL: return "; this machine has no such address, see `ip address`";
    case EACCES: return "; a port below 1024 needs CAP_NET_BIND_SERVICE";
    default: return "";
  }
}

Failure failure(const IpAddress& address, uint16_t port, int error) {
  const std::string host = address.family() == Family::ipv6 ? "[" + to_text(address) + "]" : to_text(address);
  return Failure{"cannot listen on " + host + ":" + std::to_string(port) + " for HTTP: " + std::strerror(error) +
                 way_out(error)};
}

// The order of the calls; errno tells which failed well enough.
bool configure(int fd, SocketAddress& where, bool is_v6) {
  const int on = 1;
  // Else a restart would wait for the connections of the last run to leave TIME_WAIT.
  if (::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) return false;
  if (is_v6 && ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0) return false;
  if (::bind(fd, where.get(), where.size) != 0 || ::listen(fd, SOMAXCONN) != 0) return false;
  return ::getsockname(fd, where.get(), &where.size) == 0;
}

}  // namespace

Result<ListenSocket> open_listen_socket(const IpAddress& address, uint16_t port) {
  const bool is_v6 = address.family() == Family::ipv6;
  SocketAddress where = socket_address(address, port);
  const int fd = ::socket(where.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return failure(address, port, errno);
  if (!configure(fd, where, is_v6)) {
    const int error = errno;
    ::close(fd);
    return failure(address, port, error);
  }
  const uint16_t bound = is_v6 ? reinterpret_cast<sockaddr_in6*>(&where.storage)->sin6_port
                               : reinterpret_cast<sockaddr_in*>(&where.storage)->sin_port;
  return ListenSocket{fd, ntohs(bound)};
}

}  // namespace dnsd
