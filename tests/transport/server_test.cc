#include "dnsd/transport/server.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <thread>
#include <utility>

#include "dnsd/transport/cores.h"
#include "small_server.h"
#include "zones/rr_types.h"

namespace dnsd::transport_test {
namespace {

TEST(Server, AnotherOneOnTheSameAddressIsRefusedUntilTheFirstStops) {
  SmallServer server({"127.0.0.1"}, {}, 2);
  const SocketAddress at = server.at();
  EXPECT_FALSE(open_listeners({{at}}, 2));
  server.server.reset();
  const Result<Listeners> again = open_listeners({{at}}, 2);
  EXPECT_TRUE(again) << again.failure().message;
}

TEST(Server, AllWorkersHaveTheirShare) {
  SmallServer server({"127.0.0.1"}, {}, 3);
  for (int i = 0; i < 60; ++i) {
    UdpClient client;
    ASSERT_FALSE(client.ask(server.at(), query("www.example.", rr_type::A, 1)).empty());
  }
  for (size_t i = 0; i < server.server->worker_count(); ++i)
    EXPECT_GT(server.server->counters_of(i)[Counter::udp_responses], 0u) << "worker " << i;
}

// Keeps this thread on a core; then anywhere it was.
class OnCore {
 public:
  explicit OnCore(unsigned core) {
    pthread_getaffinity_np(pthread_self(), sizeof before_, &before_);
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    EXPECT_EQ(pthread_setaffinity_np(pthread_self(), sizeof one, &one), 0);
  }
  OnCore(const OnCore&) = delete;
  OnCore& operator=(const OnCore&) = delete;
  ~OnCore() { pthread_setaffinity_np(pthread_self(), sizeof before_, &before_); }

 private:
  cpu_set_t before_;
};

// On the loopback a packet is received by the core that sent it. The cores in both orders, so that it is not by chance.
TEST(Server, APinnedWorkerAnswersWhatItsCoreReceived) {
  std::vector<unsigned> cores = cores_of_this_process().allowed;
  ASSERT_GE(cores.size(), 2u) << "this test needs two cores";
  cores.resize(2);
  for (int order = 0; order < 2; ++order, std::swap(cores[0], cores[1])) {
    ServerOptions options;
    options.cores = cores;
    SmallServer server({"127.0.0.1", "::1"}, options, 2);
    for (size_t worker = 0; worker < 2; ++worker) {
      const OnCore here(cores[worker]);
      const CounterValues before = server.server->counters_of(worker);
      for (int i = 0; i < 20; ++i) {
        UdpClient client(i % 2 ? Family::ipv6 : Family::ipv4);
        ASSERT_FALSE(client.ask(server.at(static_cast<size_t>(i % 2)), query("www.example.", rr_type::A, 1)).empty());
        TcpClient tcp(server.at());
        tcp.send(framed(query("www.example.", rr_type::A, 1)));
        ASSERT_FALSE(tcp.receive().empty());
      }
      const CounterValues after = server.server->counters_of(worker);
      EXPECT_EQ(after[Counter::udp_queries] - before[Counter::udp_queries], 20u) << "worker " << worker;
      EXPECT_EQ(after[Counter::tcp_queries] - before[Counter::tcp_queries], 20u) << "worker " << worker;
    }
  }
}

// One core's worker is not there: its packets are spread, none is lost.
TEST(Server, WhatCoresWithoutAWorkerReceiveIsSpread) {
  const std::vector<unsigned> allowed = cores_of_this_process().allowed;
  ASSERT_GE(allowed.size(), 2u) << "this test needs two cores";
  ServerOptions options;
  options.cores = {allowed[1], allowed[1]};
  SmallServer server({"127.0.0.1"}, options, 2);
  const OnCore elsewhere(allowed[0]);
  for (int i = 0; i < 60; ++i) {
    UdpClient client;
    ASSERT_FALSE(client.ask(server.at(), query("www.example.", rr_type::A, 1)).empty());
  }
  for (size_t i = 0; i < 2; ++i) EXPECT_GT(server.server->counters_of(i)[Counter::udp_responses], 0u) << "worker " << i;
}

TEST(Server, AWorkerThatCannotHaveItsCoreDoesNotStart) {
  Publisher publisher;
  Result<Listeners> listeners = open_listeners({{SocketAddress{ip("127.0.0.1"), 0}}}, 1);
  ASSERT_TRUE(listeners);
  ServerOptions options;
  options.cores = {cores_of_this_process().existing};
  const Result<std::unique_ptr<Server>> server = Server::start(std::move(*listeners), publisher, options);
  ASSERT_FALSE(server);
  EXPECT_NE(server.failure().message.find("cannot keep a worker on core"), std::string::npos);
}

TEST(Server, WithoutASnapshotNothingIsAnswered) {
  Publisher publisher;
  Result<Listeners> listeners = open_listeners({{SocketAddress{ip("127.0.0.1"), 0}}}, 1);
  ASSERT_TRUE(listeners);
  Result<std::unique_ptr<Server>> server = Server::start(std::move(*listeners), publisher, {});
  ASSERT_TRUE(server);
  const SocketAddress at = (*server)->addresses()[0].at;
  UdpClient client;
  client.send(at, query("www.example.", rr_type::A, 1));
  TcpClient tcp(at);
  tcp.send(framed(query("www.example.", rr_type::A, 1)));
  EXPECT_TRUE(tcp.ends());
  EXPECT_TRUE(client.receive(std::chrono::milliseconds(20)).empty());
  publisher.publish(small_snapshot());
  EXPECT_FALSE(client.ask(at, query("www.example.", rr_type::A, 1)).empty());
}

TEST(Server, StopsTwiceAndKeepsItsCounters) {
  SmallServer server;
  UdpClient client;
  ASSERT_FALSE(client.ask(server.at(), query("www.example.", rr_type::A, 1)).empty());
  server.server->stop();
  server.server->stop();
  EXPECT_EQ(server.count(Counter::udp_responses), 1u);
}

// Every query while snapshots change under it is answered by one of them, whole.
TEST(Server, NewSnapshotsUnderLoad) {
  SmallServer server;
  std::atomic<bool> done{false};
  std::atomic<unsigned> answered{0};
  std::vector<std::thread> askers;
  for (int i = 0; i < 3; ++i) {
    askers.emplace_back([&, i] {
      UdpClient client;
      TcpClient tcp(server.at());
      for (uint16_t id = 1; !done; ++id) {
        const bool pool = id % 2 == 0;
        const Message asked = query(pool ? "pool.example." : "www.example.", rr_type::A, id);
        if (i == 0) tcp.send(framed(asked));
        const Message answer = i == 0 ? tcp.receive() : client.ask(server.at(), asked);
        ASSERT_EQ(id_of(answer), id);
        ASSERT_EQ(answer_count(answer), pool ? 2u : 1u);
        ++answered;
      }
    });
  }
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  uint64_t generation = 1;
  while (std::chrono::steady_clock::now() < until) {
    ++generation;
    server.publisher.publish(small_snapshot(generation, static_cast<uint8_t>(generation)));
    server.publisher.reclaim();
  }
  done = true;
  for (std::thread& asker : askers) asker.join();
  EXPECT_GT(generation, 10u);
  EXPECT_GT(answered, 100u);
  server.server->stop();
  EXPECT_EQ(server.publisher.reclaim(), 0u);
}

}  // namespace
}  // namespace dnsd::transport_test
