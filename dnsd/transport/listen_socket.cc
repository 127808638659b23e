#include "dnsd/transport/listen_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <system_error>

#include "dnsd/transport/cores.h"
#include "dnsd/transport/peer_address.h"

namespace dnsd {

namespace {

constexpr int tcp_backlog = 511;
constexpr int attempts_at_a_free_port = 16;

// What the kernel may hold of one TCP connection, each way (it takes twice as much, for its own books). Left alone it
// lets both grow to megabytes: memory that a client can claim by not reading, and answers that the idle timeout cannot
// see being taken.
constexpr int tcp_buffer_octets = 64 << 10;

enum class Protocol : uint8_t { udp, tcp, tls };

std::string_view name_of(Protocol protocol) {
  constexpr std::string_view names[] = {"UDP", "TCP", "TLS"};
  return names[static_cast<size_t>(protocol)];
}

// How a socket takes its address. The first one binds alone, which fails if anybody is there, and only then allows
// others of this process to join: so two servers can never share an address, not even when they start together.
enum class Role : uint8_t { first, joins };

struct Opened {
  FileDescriptor fd;
  int error = 0;  // errno
};

bool set(int fd, int level, int option, int value) {
  return ::setsockopt(fd, level, option, &value, sizeof value) == 0;
}

bool set_options(int fd, Protocol protocol, const SocketAddress& at, const ListenOptions& options) {
  if (at.address.family() == Family::ipv6 && !set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1)) return false;
  if (protocol == Protocol::udp) return set_udp_options(fd, at, options.udp);
  // SO_REUSEADDR lets a restart pass old connections in TIME_WAIT; it does not share a listening port. Connections
  // inherit all of these.
  return set(fd, SOL_SOCKET, SO_REUSEADDR, 1) && set(fd, IPPROTO_TCP, TCP_NODELAY, 1) &&
         set(fd, SOL_SOCKET, SO_RCVBUF, tcp_buffer_octets) && set(fd, SOL_SOCKET, SO_SNDBUF, tcp_buffer_octets) &&
         (options.fast_open == 0 || set(fd, IPPROTO_TCP, TCP_FASTOPEN, options.fast_open));
}

Opened open_socket(Protocol protocol, const SocketAddress& at, Role role, const ListenOptions& options) {
  const int type = protocol == Protocol::udp ? SOCK_DGRAM : SOCK_STREAM;
  const int family = at.address.family() == Family::ipv4 ? AF_INET : AF_INET6;
  FileDescriptor fd(::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const PeerAddress bound(at.address, at.port);
  const auto bound_and_listening = [&] {
    return fd && set_options(fd.get(), protocol, at, options) &&
           (role == Role::first || set(fd.get(), SOL_SOCKET, SO_REUSEPORT, 1)) &&
           ::bind(fd.get(), bound.any(), bound.size()) == 0 &&
           (protocol == Protocol::udp || ::listen(fd.get(), tcp_backlog) == 0) &&
           (role == Role::joins || set(fd.get(), SOL_SOCKET, SO_REUSEPORT, 1));
  };
  if (!bound_and_listening()) return {FileDescriptor(), errno};
  return {std::move(fd), 0};
}

uint16_t port_of(int fd) {
  PeerAddress bound;
  socklen_t size = PeerAddress::room;
  return ::getsockname(fd, bound.any(), &size) == 0 ? bound.port() : uint16_t{0};
}

std::string reason(const SocketAddress& at, Protocol protocol, int error) {
  const std::string where = to_text(at) + " (" + std::string(name_of(protocol)) + ") ";
  const std::string address = to_text(at.address);
  switch (error) {
    case EADDRINUSE:
      return where + "is in use by another process; stop that one (`ss -lnptu` shows it) or listen on another port";
    case EACCES:
      return where + "may not be opened: ports below 1024 need CAP_NET_BIND_SERVICE or root";
    case EADDRNOTAVAIL:
      return where + "cannot be opened: " + address + " is not an address of this machine (`ip address` lists them)";
    case EAFNOSUPPORT:
      return where + "cannot be opened: IPv6 is switched off on this machine; take the address out of `listen`";
    case EMFILE:
    case ENFILE:
      return where + "cannot be opened: too many open files; raise the limit (`ulimit -n`)";
    case EINVAL:
      if (at.address.family() == Family::ipv6 && at.address.octets()[0] == 0xfe)
        return where + "cannot be opened: a link-local address belongs to one interface; listen on [::] instead";
      [[fallthrough]];
    default:
      return where + "cannot be opened: " + std::generic_category().message(error);
  }
}

// The two sockets that take an address for this process.
struct Claim {
  SocketAddress at;
  FileDescriptor udp;
  FileDescriptor tcp;
};

Result<Claim> claim(const SocketAddress& wanted, const ListenOptions& options) {
  for (int attempt = 1;; ++attempt) {
    Claim claim{wanted, {}, {}};
    Opened udp = open_socket(Protocol::udp, wanted, Role::first, options);
    if (!udp.fd) return Failure{reason(wanted, Protocol::udp, udp.error)};
    claim.at.port = port_of(udp.fd.get());
    Opened tcp = open_socket(Protocol::tcp, claim.at, Role::first, options);
    if (tcp.fd) {
      claim.udp = std::move(udp.fd);
      claim.tcp = std::move(tcp.fd);
      return claim;
    }
    const bool another_port_may_do = wanted.port == 0 && tcp.error == EADDRINUSE && attempt < attempts_at_a_free_port;
    if (!another_port_may_do) return Failure{reason(claim.at, Protocol::tcp, tcp.error)};
  }
}

std::vector<FileDescriptor>& sockets_of(Listeners::OfWorker& worker, Protocol protocol) {
  switch (protocol) {
    case Protocol::udp: return worker.udp;
    case Protocol::tcp: return worker.tcp;
    case Protocol::tls: break;
  }
  return worker.tls;
}

// What the kernel refuses here leaves everything as good as without it.
void steer(Protocol protocol, Listeners& listeners, const ListenOptions& options) {
  if (options.steer_to.empty() || listeners.workers.size() < 2) return;
  const int any_of_group = sockets_of(listeners.workers[0], protocol).back().get();
  if (const Status steered = steer_by_core(any_of_group, options.steer_to); !steered)
    listeners.not_steered = steered.failure().message;
}

Status join(const SocketAddress& at, std::span<const Protocol> protocols, Listeners& listeners,
            const ListenOptions& options) {
  for (size_t i = 1; i < listeners.workers.size(); ++i) {
    for (const Protocol protocol : protocols) {
      Opened opened = open_socket(protocol, at, Role::joins, options);
      if (!opened.fd) return Failure{reason(at, protocol, opened.error)};
      sockets_of(listeners.workers[i], protocol).push_back(std::move(opened.fd));
    }
  }
  for (const Protocol protocol : protocols) steer(protocol, listeners, options);
  return Done{};
}

Status open_address(const SocketAddress& wanted, Listeners& listeners, const ListenOptions& options) {
  Result<Claim> claimed = claim(wanted, options);
  if (!claimed) return claimed.failure();
  listeners.addresses.push_back({claimed->at, granted(claimed->udp.get())});
  listeners.workers[0].udp.push_back(std::move(claimed->udp));
  listeners.workers[0].tcp.push_back(std::move(claimed->tcp));
  constexpr Protocol both[] = {Protocol::udp, Protocol::tcp};
  return join(claimed->at, both, listeners, options);
}

Status open_tls_address(const SocketAddress& wanted, Listeners& listeners, const ListenOptions& options) {
  Opened opened = open_socket(Protocol::tls, wanted, Role::first, options);
  if (!opened.fd) return Failure{reason(wanted, Protocol::tls, opened.error)};
  const SocketAddress at{wanted.address, port_of(opened.fd.get())};
  listeners.tls_addresses.push_back(at);
  listeners.workers[0].tls.push_back(std::move(opened.fd));
  constexpr Protocol alone[] = {Protocol::tls};
  return join(at, alone, listeners, options);
}

// Why `addresses[index]` cannot be opened beside those before it; empty where it can.
std::string clash(std::span<const SocketAddress> addresses, size_t index) {
  const SocketAddress& at = addresses[index];
  if (at.port == 0) return {};
  for (const SocketAddress& other : addresses.first(index)) {
    if (other == at) return to_text(at) + " is listed twice; remove one of them";
    const bool overlap = other.port == at.port && other.address.family() == at.address.family() &&
                         (other.is_wildcard() || at.is_wildcard());
    if (overlap)
      return to_text(at) + " and " + to_text(other) + " overlap: the one without an address covers the other;" +
             " remove one of them";
  }
  return {};
}

}  // namespace

std::string to_text(const SocketAddress& address) {
  const std::string host = to_text(address.address);
  const std::string port = std::to_string(address.port);
  return address.address.family() == Family::ipv6 ? "[" + host + "]:" + port : host + ":" + port;
}

Result<Listeners> open_listeners(std::span<const SocketAddress> addresses, unsigned workers,
                                 const ListenOptions& options) {
  Listeners listeners;
  listeners.workers.resize(workers);
  std::vector<SocketAddress> all(addresses.begin(), addresses.end());
  all.insert(all.end(), options.tls.begin(), options.tls.end());
  std::string reasons;
  for (size_t i = 0; i < all.size(); ++i) {
    std::string why = clash(all, i);
    const auto open = i < addresses.size() ? open_address : open_tls_address;
    if (why.empty())
      if (Status opened = open(all[i], listeners, options); !opened) why = opened.failure().message;
    if (!why.empty()) reasons += (reasons.empty() ? "" : "\n") + why;
  }
  if (!reasons.empty()) return Failure{std::move(reasons)};
  return listeners;
}

bool allows_fast_open(std::string_view tcp_fastopen) {
  constexpr unsigned server_side = 2;  // Documentation/networking/ip-sysctl.rst
  unsigned bits = 0;
  const auto base = tcp_fastopen.starts_with("0x") ? 16 : 10;
  if (base == 16) tcp_fastopen.remove_prefix(2);
  std::from_chars(tcp_fastopen.data(), tcp_fastopen.data() + tcp_fastopen.size(), bits, base);
  return bits & server_side;
}

}  // namespace dnsd
