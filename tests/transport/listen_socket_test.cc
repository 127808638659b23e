#include "dnsd/transport/listen_socket.h"

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <random>
#include <set>

#include "dnsd/transport/peer_address.h"

namespace dnsd {
namespace {

using testing::HasSubstr;

IpAddress ip(const char* text) { return IpAddress::parse(text).value(); }

uint16_t port_of(int fd) {
  PeerAddress bound;
  socklen_t size = PeerAddress::room;
  EXPECT_EQ(::getsockname(fd, bound.any(), &size), 0);
  return bound.port();
}

int option(int fd, int level, int name) {
  int value = 0;
  socklen_t size = sizeof value;
  EXPECT_EQ(::getsockopt(fd, level, name, &value, &size), 0);
  return value;
}

// A socket of somebody else.
FileDescriptor stranger(int type, uint16_t port) {
  FileDescriptor fd(::socket(AF_INET, type, 0));
  const PeerAddress at(ip("127.0.0.1"), port);
  EXPECT_EQ(::bind(fd.get(), at.any(), at.size()), 0);
  if (type == SOCK_STREAM) {
    EXPECT_EQ(::listen(fd.get(), 1), 0);
  }
  return fd;
}

// A port that is free for UDP and TCP, and stays so: none that the kernel hands out to tests that run beside this one.
uint16_t quiet_port() {
  unsigned first_ephemeral = 0;
  std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> first_ephemeral;
  std::mt19937 random(std::random_device{}());
  for (;;) {
    const auto port = static_cast<uint16_t>(10240 + random() % (first_ephemeral - 10240));
    const PeerAddress at(ip("0.0.0.0"), port);
    const FileDescriptor udp(::socket(AF_INET, SOCK_DGRAM, 0)), tcp(::socket(AF_INET, SOCK_STREAM, 0));
    if (::bind(udp.get(), at.any(), at.size()) == 0 && ::bind(tcp.get(), at.any(), at.size()) == 0) return port;
  }
}

std::string failure_at(const SocketAddress& at) {
  const Result<Listeners> opened = open_listeners({{at}}, 2);
  return opened ? "" : opened.failure().message;
}

TEST(OpenListeners, AllSocketsShareThePortTheKernelChose) {
  const SocketAddress wanted[] = {{ip("127.0.0.1"), 0}, {ip("::1"), 0}};
  const Result<Listeners> opened = open_listeners(wanted, 3);
  ASSERT_TRUE(opened) << opened.failure().message;
  ASSERT_EQ(opened->addresses.size(), 2u);
  ASSERT_EQ(opened->workers.size(), 3u);
  for (size_t i = 0; i < 2; ++i) {
    const SocketAddress& at = opened->addresses[i].at;
    EXPECT_EQ(at.address, wanted[i].address);
    EXPECT_NE(at.port, 0);
    for (const Listeners::OfWorker& worker : opened->workers) {
      EXPECT_EQ(port_of(worker.udp.at(i).get()), at.port);
      EXPECT_EQ(port_of(worker.tcp.at(i).get()), at.port);
    }
  }
}

TEST(OpenListeners, ReportsTheBuffersTheKernelGranted) {
  const Result<Listeners> opened = open_listeners({{SocketAddress{ip("127.0.0.1"), 0}}}, 1);
  ASSERT_TRUE(opened);
  const int udp = opened->workers[0].udp[0].get();
  EXPECT_EQ(opened->addresses[0].udp.receive_buffer, static_cast<size_t>(option(udp, SOL_SOCKET, SO_RCVBUF)));
  EXPECT_EQ(opened->addresses[0].udp.send_buffer, static_cast<size_t>(option(udp, SOL_SOCKET, SO_SNDBUF)));
  EXPECT_GE(opened->addresses[0].udp.receive_buffer, size_t{200} << 10);
}

TEST(OpenListeners, AsksForTheBuffersOfTheOptions) {
  ListenOptions options;
  options.udp.receive_buffer = 100'000;
  options.udp.send_buffer = 80'000;
  const Result<Listeners> opened = open_listeners({{SocketAddress{ip("127.0.0.1"), 0}}}, 2, options);
  ASSERT_TRUE(opened);
  for (const Listeners::OfWorker& worker : opened->workers) {
    EXPECT_EQ(option(worker.udp[0].get(), SOL_SOCKET, SO_RCVBUF), 200'000);
    EXPECT_EQ(option(worker.udp[0].get(), SOL_SOCKET, SO_SNDBUF), 160'000);
  }
  EXPECT_TRUE(shortfalls(opened->addresses[0].udp, options.udp).empty());
}

// As root; who may not raise it is told, see Shortfalls.
TEST(OpenListeners, BusyPollIsByOption) {
  for (const int microseconds : {0, 50}) {
    ListenOptions options;
    options.udp.busy_poll = microseconds;
    const Result<Listeners> opened = open_listeners({{SocketAddress{ip("127.0.0.1"), 0}}}, 1, options);
    ASSERT_TRUE(opened);
    const int fd = opened->workers[0].udp[0].get();
    const bool may_raise = opened->addresses[0].udp.busy_poll == microseconds;
    EXPECT_TRUE(may_raise || ::geteuid() != 0);
    EXPECT_EQ(option(fd, SOL_SOCKET, SO_PREFER_BUSY_POLL), may_raise && microseconds > 0 ? 1 : 0);
  }
}

TEST(Shortfalls, EachWithWhatMendsIt) {
  const UdpSocketOptions asked{4 << 20, 1 << 20, 50};
  EXPECT_THAT(shortfalls({2 * 212'992, 2 << 20, 50}, asked),
              testing::ElementsAre("udp.receive_buffer: asked for 4194304 octets, the kernel granted 212992: `sysctl -w "
                                   "net.core.rmem_max=4194304` and restart, or CAP_NET_ADMIN"));
  EXPECT_THAT(shortfalls({8 << 20, 2 * 212'992, 0}, asked),
              testing::ElementsAre(HasSubstr("net.core.wmem_max=1048576"), HasSubstr("net.core.busy_read=50")));
  EXPECT_THAT(shortfalls({4 << 20, 1 << 20, 50}, asked), testing::IsEmpty());  // half of it will do
}

TEST(OpenListeners, NeitherPathMtuNorIcmpErrorsReachUdp) {
  const SocketAddress wanted[] = {{ip("127.0.0.1"), 0}, {ip("::1"), 0}};
  const Result<Listeners> opened = open_listeners(wanted, 2);
  ASSERT_TRUE(opened);
  for (const Listeners::OfWorker& worker : opened->workers) {
    EXPECT_EQ(option(worker.udp[0].get(), IPPROTO_IP, IP_MTU_DISCOVER), IP_PMTUDISC_PROBE);
    EXPECT_EQ(option(worker.udp[0].get(), IPPROTO_IP, IP_RECVERR), 0);
    EXPECT_EQ(option(worker.udp[1].get(), IPPROTO_IPV6, IPV6_MTU_DISCOVER), IPV6_PMTUDISC_PROBE);
    EXPECT_EQ(option(worker.udp[1].get(), IPPROTO_IPV6, IPV6_DONTFRAG), 1);
    EXPECT_EQ(option(worker.udp[1].get(), IPPROTO_IPV6, IPV6_RECVERR), 0);
    EXPECT_EQ(option(worker.udp[1].get(), IPPROTO_IPV6, IPV6_V6ONLY), 1);
  }
}

TEST(OpenListeners, TlsHasSocketsOfItsOwn) {
  ListenOptions options;
  options.tls = {{ip("127.0.0.1"), 0}, {ip("::1"), 0}};
  const Result<Listeners> opened = open_listeners({{SocketAddress{ip("127.0.0.1"), 0}}}, 2, options);
  ASSERT_TRUE(opened) << opened.failure().message;
  ASSERT_EQ(opened->tls_addresses.size(), 2u);
  EXPECT_EQ(opened->tls_addresses[1].address, ip("::1"));
  for (const Listeners::OfWorker& worker : opened->workers) {
    ASSERT_EQ(worker.tls.size(), 2u);
    for (const size_t i : {0u, 1u}) EXPECT_EQ(port_of(worker.tls[i].get()), opened->tls_addresses[i].port);
    EXPECT_EQ(worker.tcp.size(), 1u);
  }
  options.tls = {opened->tls_addresses[0]};
  const Result<Listeners> again = open_listeners({}, 1, options);
  ASSERT_FALSE(again);
  EXPECT_THAT(again.failure().message, HasSubstr(to_text(options.tls[0]) + " (TLS) is in use by another process"));
}

TEST(OpenListeners, TlsOnAnAddressOfListenIsNotBlamedOnOthers) {
  const SocketAddress at{ip("127.0.0.1"), quiet_port()};
  ListenOptions options;
  options.tls = {at};
  const Result<Listeners> opened = open_listeners({{at}}, 1, options);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.failure().message, to_text(at) + " is listed twice; remove one of them");
}

TEST(OpenListeners, FastOpenIsByOption) {
  for (const int length : {0, 16}) {
    ListenOptions options;
    options.tls = {{ip("127.0.0.1"), 0}};
    options.fast_open = length;
    const Result<Listeners> opened = open_listeners({{SocketAddress{ip("127.0.0.1"), 0}}}, 2, options);
    ASSERT_TRUE(opened);
    for (const Listeners::OfWorker& worker : opened->workers) {
      EXPECT_EQ(option(worker.tcp[0].get(), IPPROTO_TCP, TCP_FASTOPEN), length);
      EXPECT_EQ(option(worker.tls[0].get(), IPPROTO_TCP, TCP_FASTOPEN), length);
    }
  }
}

TEST(AllowsFastOpen, TheSecondBitIsTheServers) {
  for (const char* text : {"2\n", "3\n", "0x603\n", "1027\n"}) EXPECT_TRUE(allows_fast_open(text)) << text;
  for (const char* text : {"", "0\n", "1\n", "0x1\n", "4\n"}) EXPECT_FALSE(allows_fast_open(text)) << text;
}

TEST(OpenListeners, ASecondServerIsRefused) {
  for (const unsigned workers : {1u, 2u}) {
    const Result<Listeners> first = open_listeners({{SocketAddress{ip("127.0.0.1"), 0}}}, workers);
    ASSERT_TRUE(first);
    const SocketAddress at = first->addresses[0].at;
    EXPECT_EQ(failure_at(at), to_text(at) +
                                  " (UDP) is in use by another process; stop that one (`ss -lnptu` shows it) or "
                                  "listen on another port");
    EXPECT_THAT(failure_at({ip("0.0.0.0"), at.port}), HasSubstr("(UDP) is in use by another process"));
  }
}

TEST(OpenListeners, AServerThatSharesItsPortIsNotJoined) {
  FileDescriptor other(::socket(AF_INET, SOCK_DGRAM, 0));
  const int on = 1;
  ASSERT_EQ(::setsockopt(other.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on), 0);
  const PeerAddress any_port(ip("127.0.0.1"), 0);
  ASSERT_EQ(::bind(other.get(), any_port.any(), any_port.size()), 0);
  EXPECT_THAT(failure_at({ip("127.0.0.1"), port_of(other.get())}), HasSubstr("in use by another process"));
}

TEST(OpenListeners, EitherProtocolInUseIsNamed) {
  const FileDescriptor udp = stranger(SOCK_DGRAM, 0);
  const SocketAddress at_udp{ip("127.0.0.1"), port_of(udp.get())};
  EXPECT_THAT(failure_at(at_udp), HasSubstr(to_text(at_udp) + " (UDP) is in use"));
  const FileDescriptor tcp = stranger(SOCK_STREAM, 0);
  const SocketAddress at_tcp{ip("127.0.0.1"), port_of(tcp.get())};
  EXPECT_THAT(failure_at(at_tcp), HasSubstr(to_text(at_tcp) + " (TCP) is in use"));
}

TEST(OpenListeners, AnAddressIsFreeAgainAtOnce) {
  const SocketAddress at{ip("127.0.0.1"), quiet_port()};
  Result<Listeners> first = open_listeners({{at}}, 2);
  ASSERT_TRUE(first) << first.failure().message;
  first = Failure{"closed"};
  EXPECT_EQ(failure_at(at), "");
}

TEST(OpenListeners, EveryUnusableAddressIsNamed) {
  const FileDescriptor udp = stranger(SOCK_DGRAM, 0);
  const uint16_t port = port_of(udp.get());
  const SocketAddress wanted[] = {{ip("203.0.113.1"), 5300}, {ip("127.0.0.1"), 0}, {ip("127.0.0.1"), port}};
  const Result<Listeners> opened = open_listeners(wanted, 2);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.failure().message,
            "203.0.113.1:5300 (UDP) cannot be opened: 203.0.113.1 is not an address of this machine (`ip address` "
            "lists them)\n127.0.0.1:" + std::to_string(port) +
                " (UDP) is in use by another process; stop that one (`ss -lnptu` shows it) or listen on another "
                "port");
}

TEST(OpenListeners, AnAddressTwiceAndAnOverlapAreNotBlamedOnOthers) {
  const uint16_t port = quiet_port();
  const SocketAddress twice[] = {{ip("127.0.0.1"), port}, {ip("127.0.0.1"), port}};
  EXPECT_EQ(open_listeners(twice, 2).failure().message,
            to_text(twice[0]) + " is listed twice; remove one of them");
  const SocketAddress overlap[] = {{ip("0.0.0.0"), port}, {ip("127.0.0.1"), port}};
  EXPECT_THAT(open_listeners(overlap, 2).failure().message, HasSubstr("overlap"));
  const SocketAddress both_families[] = {{ip("0.0.0.0"), port}, {ip("::"), port}};
  EXPECT_TRUE(open_listeners(both_families, 2));
}

// In a child without privileges: what it says about port 1; empty where it may have it.
std::string failure_of_nobody() {
  int pipe_ends[2];
  EXPECT_EQ(::pipe(pipe_ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) _exit(1);
    const std::string said = failure_at({ip("127.0.0.1"), 1});
    _exit(::write(pipe_ends[1], said.data(), said.size()) == static_cast<ssize_t>(said.size()) ? 0 : 1);
  }
  ::close(pipe_ends[1]);
  std::string said(1000, ' ');
  said.resize(static_cast<size_t>(std::max<ssize_t>(0, ::read(pipe_ends[0], said.data(), said.size()))));
  ::close(pipe_ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  return said;
}

TEST(OpenListeners, APortBelow1024NeedsPrivileges) {
  int first_free = 1024;
  std::ifstream("/proc/sys/net/ipv4/ip_unprivileged_port_start") >> first_free;
  EXPECT_EQ(failure_of_nobody(), first_free <= 1 ? ""
                                                 : "127.0.0.1:1 (UDP) may not be opened: ports below 1024 need "
                                                   "CAP_NET_BIND_SERVICE or root");
}

TEST(SocketAddress, Text) {
  EXPECT_EQ(to_text(SocketAddress{ip("192.0.2.1"), 53}), "192.0.2.1:53");
  EXPECT_EQ(to_text(SocketAddress{ip("2001:db8::1"), 5300}), "[2001:db8::1]:5300");
  EXPECT_TRUE((SocketAddress{ip("::"), 53}).is_wildcard());
  EXPECT_TRUE((SocketAddress{ip("0.0.0.0"), 53}).is_wildcard());
  EXPECT_FALSE((SocketAddress{ip("127.0.0.1"), 53}).is_wildcard());
}

}  // namespace
}  // namespace dnsd
