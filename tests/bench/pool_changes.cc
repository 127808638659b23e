// pool_changes: how long a change of a pool takes until it is answered. A worker of dnsd answers on loopback, and every
// few milliseconds a member of its pool leaves or comes back, in memory: the change is compiled and published as the
// daemon does it, and shaped.example.org is asked until the answer shows it.
//
// usage: pool_changes PORT MEMBERS EVERY_MS SECONDS
// Prints "ready" when it answers, and at the end one line of KEY=VALUE. By tests/bench/latency, which puts load on it.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "changing_world.h"
#include "dns_message.h"
#include "dnsd/snapshot/publisher.h"
#include "dnsd/transport/server.h"
#include "load_figures.h"

namespace dnsd::bench {
namespace {

struct Options {
  uint16_t port;
  size_t members;
  uint64_t every_ns;
  uint64_t duration_ns;
};

// Asks for the pool.
class Client {
 public:
  explicit Client(uint16_t port) : query_(testing::make_query({.name = "shaped.example.org."})) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fd_ = ::socket(AF_INET, SOCK_DGRAM, 0);
    const timeval patience{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) give_up("cannot connect");
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { ::close(fd_); }

  // Of the first record of an answer, which stands behind the question.
  uint32_t ttl() {
    std::array<uint8_t, max_udp_response> answer;
    const size_t at = query_.size() + 6;
    if (::send(fd_, query_.data(), query_.size(), 0) < 0) give_up("cannot send");
    const ssize_t got = ::recv(fd_, answer.data(), answer.size(), 0);
    if (got < static_cast<ssize_t>(at + 4)) give_up("no answer within a second");
    return load32(&answer[at]);
  }

 private:
  int fd_ = -1;
  std::vector<uint8_t> query_;
};

std::unique_ptr<Server> serve(uint16_t port, Publisher& publisher) {
  const SocketAddress address{IpAddress::v4({127, 0, 0, 1}), port};
  auto listeners = open_listeners({&address, 1}, 1);
  if (!listeners) give_up(listeners.failure().message);
  auto server = Server::start(std::move(*listeners), publisher, {});
  if (!server) give_up(server.failure().message);
  return std::move(*server);
}

struct Found {
  Histogram compiled, answered;  // both from the change on
  uint64_t late = 0;             // changes that began later than planned, since the one before took so long
};

void run(const Options& options, ChangingWorld& world, Publisher& publisher, const Snapshot* last, Found& found) {
  Client client(options.port);
  const uint64_t start = now_ns();
  for (uint64_t planned = start; planned < start + options.duration_ns; planned += options.every_ns) {
    const uint64_t now = now_ns();
    if (now < planned) std::this_thread::sleep_for(std::chrono::nanoseconds(planned - now));
    else found.late += now > planned + options.every_ns / 2;
    const uint64_t began = now_ns();
    world.change();
    std::unique_ptr<const Snapshot> next = world.compile(last);
    last = next.get();
    publisher.publish(std::move(next));
    found.compiled.add(now_ns() - began);
    while (client.ttl() != world.changes()) continue;
    found.answered.add(now_ns() - began);
    publisher.reclaim();
  }
}

int measure(const Options& options) {
  ChangingWorld world(options.members);
  world.change();
  Publisher publisher;
  std::unique_ptr<const Snapshot> first = world.compile(nullptr);
  const Snapshot* last = first.get();
  publisher.publish(std::move(first));
  const std::unique_ptr<Server> server = serve(options.port, publisher);
  std::puts("ready");
  std::fflush(stdout);
  Found found;
  run(options, world, publisher, last, found);
  server->stop();
  std::printf("changes=%u late=%lu compiled_p50_us=%.1f p50_us=%.1f p99_us=%.1f max_us=%.1f\n", world.changes() - 1,
              found.late, found.compiled.quantile_us(.5), found.answered.quantile_us(.5), found.answered.quantile_us(.99),
              found.answered.longest_us());
  return 0;
}

}  // namespace
}  // namespace dnsd::bench

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fputs("usage: pool_changes PORT MEMBERS EVERY_MS SECONDS\n", stderr);
    return 2;
  }
  const auto number = [&](int i) { return std::strtod(argv[i], nullptr); };
  return dnsd::bench::measure({static_cast<uint16_t>(number(1)), static_cast<size_t>(number(2)),
                               static_cast<uint64_t>(number(3) * 1e6), static_cast<uint64_t>(number(4) * 1e9)});
}
