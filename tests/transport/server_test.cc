#include "dnsd/transport/server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

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
