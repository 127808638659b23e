#include "dnsd/transport/tcp.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <thread>

#include "small_server.h"
#include "zones/rr_types.h"

namespace dnsd::transport_test {
namespace {

using std::chrono::milliseconds;

ServerOptions with_timeout(int ms) {
  ServerOptions options;
  options.tcp.idle_timeout = milliseconds(ms);
  return options;
}

Message www(uint16_t id) { return framed(query("www.example.", rr_type::A, id)); }

TEST(Tcp, Answers) {
  SmallServer server({"127.0.0.1", "::1", "0.0.0.0"});
  for (const size_t index : {0u, 1u, 2u}) {
    SocketAddress to = server.at(index);
    if (to.is_wildcard()) to.address = ip("127.0.0.2");
    TcpClient client(to);
    client.send(www(42));
    const Message answer = client.receive();
    EXPECT_EQ(id_of(answer), 42);
    EXPECT_EQ(answer_count(answer), 1u);
  }
  EXPECT_EQ(server.count(Counter::tcp_connections), 3u);
  EXPECT_EQ(server.count(Counter::tcp_responses), 3u);
  EXPECT_TRUE(server.reaches(Counter::tcp_open, 0));
}

TEST(Tcp, AnAnswerTooLongForUdp) {
  SmallServer server;
  TcpClient client(server.at());
  client.send(framed(query("big.example.", rr_type::TXT, 1)));
  const Message answer = client.receive();
  EXPECT_GT(answer.size(), 40000u);
  EXPECT_EQ(answer_count(answer), 200u);
}

TEST(Tcp, TheLongestAnswerThereCanBe) {
  SmallServer server;
  TcpClient client(server.at());
  client.send(framed(query("most.example.", rr_type::TXT, 1)));
  client.send(www(2));
  const Message answer = client.receive();
  EXPECT_EQ(answer.size(), 65535u);
  EXPECT_EQ(answer_count(answer), 308u);
  EXPECT_EQ(answer[2] & 2, 0);  // TC
  EXPECT_EQ(id_of(client.receive()), 2);
}

TEST(Tcp, ALengthPrefixInTwoSegments) {
  SmallServer server;
  TcpClient client(server.at());
  const Message one = www(1), two = www(2);
  Message first(one);
  first.push_back(two[0]);
  client.send(first);
  EXPECT_EQ(id_of(client.receive()), 1);  // so the rest comes by itself
  client.send({two.begin() + 1, two.end()});
  EXPECT_EQ(id_of(client.receive()), 2);
}

TEST(Tcp, PipelinedQueriesAreAnsweredInOrder) {
  SmallServer server;
  TcpClient client(server.at());
  Message octets;
  for (uint16_t id = 1; id <= 1000; ++id) {
    const Message one = www(id);
    octets.insert(octets.end(), one.begin(), one.end());
  }
  client.send(octets);
  for (uint16_t id = 1; id <= 1000; ++id) ASSERT_EQ(id_of(client.receive()), id);
}

TEST(Tcp, DribbledOctets) {
  SmallServer server;
  TcpClient client(server.at());
  for (uint16_t id = 1; id <= 2; ++id) {
    for (const uint8_t octet : www(id)) {
      client.send({octet});
      std::this_thread::sleep_for(milliseconds(1));
    }
    EXPECT_EQ(id_of(client.receive()), id);
  }
}

TEST(Tcp, AHalfClosedConnectionGetsAllItsAnswersThenEnds) {
  SmallServer server;
  TcpClient client(server.at());
  for (uint16_t id = 1; id <= 100; ++id) client.send(www(id));
  client.send({0, 40, 1, 2});  // and a query that it did not finish
  client.half_close();
  for (uint16_t id = 1; id <= 100; ++id) ASSERT_EQ(id_of(client.receive()), id);
  EXPECT_TRUE(client.ends());
}

TEST(Tcp, GarbageEndsTheConnection) {
  SmallServer server;
  for (const Message& garbage : {Message{0, 0}, Message{0, 1, 7}, Message{'G', 'E', 'T', ' ', '/', '\r', '\n'}}) {
    TcpClient client(server.at());
    client.send(garbage);
    if (garbage[0] == 'G') client.half_close();
    EXPECT_TRUE(client.ends());
  }
  EXPECT_TRUE(server.reaches(Counter::tcp_open, 0));
}

TEST(Tcp, AnIdleConnectionEnds) {
  SmallServer server({"127.0.0.1"}, with_timeout(400));
  TcpClient silent(server.at());
  TcpClient client(server.at());
  for (uint16_t id = 1; id <= 4; ++id) {
    std::this_thread::sleep_for(milliseconds(150));
    client.send(www(id));  // 600 ms in all: each query starts the time anew
    ASSERT_EQ(id_of(client.receive()), id);
  }
  EXPECT_TRUE(silent.ends(milliseconds(0)));
  EXPECT_TRUE(client.ends());
  EXPECT_TRUE(server.reaches(Counter::tcp_timed_out, 2));
}

TEST(Tcp, AClientThatSendsAnOctetNowAndThenIsCutOff) {
  SmallServer server({"127.0.0.1"}, with_timeout(150));
  TcpClient client(server.at());
  client.send({0, 200});
  const auto start = std::chrono::steady_clock::now();
  while (!client.ends(milliseconds(10)) && std::chrono::steady_clock::now() - start < std::chrono::seconds(5))
    ::send(client.fd(), "x", 1, MSG_NOSIGNAL);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
  EXPECT_TRUE(server.reaches(Counter::tcp_timed_out, 1));
}

TEST(Tcp, AClientThatNeverReadsIsNotReadAndCutOff) {
  SmallServer server({"127.0.0.1"}, with_timeout(300), 1);
  TcpClient client(server.at());
  ::fcntl(client.fd(), F_SETFL, O_NONBLOCK);
  Message queries;
  const Message big = framed(query("big.example.", rr_type::TXT, 1));
  for (int i = 0; i < 1000; ++i) queries.insert(queries.end(), big.begin(), big.end());
  // 1,000 queries ask for 40 MB: more than all the buffers between can hold.
  size_t sent = 0;
  while (sent < queries.size()) {
    const ssize_t n = ::send(client.fd(), &queries[sent], queries.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) break;
    sent += static_cast<size_t>(n);
  }
  UdpClient other;
  EXPECT_EQ(id_of(other.ask(server.at(), query("www.example.", rr_type::A, 9))), 9);
  EXPECT_TRUE(server.reaches(Counter::tcp_timed_out, 1));
  EXPECT_LT(server.count(Counter::tcp_queries), 1000u);
  EXPECT_EQ(server.count(Counter::tcp_open), 0u);
}

TEST(Tcp, AtTheLimitTheLongestIdleConnectionMakesRoom) {
  ServerOptions options;
  options.tcp.connections = 3;
  SmallServer server({"127.0.0.1"}, options, 1);
  std::vector<std::unique_ptr<TcpClient>> clients;
  for (uint16_t i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<TcpClient>(server.at()));
    clients.back()->send(www(i));
    ASSERT_EQ(id_of(clients.back()->receive()), i);
  }
  clients[0]->send(www(10));  // the second one is now idle longest
  ASSERT_EQ(id_of(clients[0]->receive()), 10);
  TcpClient fourth(server.at());
  fourth.send(www(4));
  EXPECT_EQ(id_of(fourth.receive()), 4);
  EXPECT_TRUE(clients[1]->ends());
  EXPECT_FALSE(clients[0]->ends(milliseconds(20)));
  EXPECT_FALSE(clients[2]->ends(milliseconds(20)));
  EXPECT_EQ(server.count(Counter::tcp_evicted), 1u);
  EXPECT_EQ(server.count(Counter::tcp_open), 3u);
}

TEST(Tcp, UnderLoadTheIdleTimeoutShrinks) {
  ServerOptions options;
  options.tcp.connections = 4;
  options.tcp.idle_timeout = std::chrono::seconds(60);
  options.tcp.least_idle_timeout = milliseconds(200);
  SmallServer server({"127.0.0.1"}, options);  // two workers: each sees the load of the other
  TcpClient first(server.at()), second(server.at());
  ASSERT_TRUE(server.reaches(Counter::tcp_open, 2));
  EXPECT_FALSE(first.ends(milliseconds(600)));  // half of the connections: nobody is in a hurry
  EXPECT_EQ(server.count(Counter::tcp_timed_out), 0u);
  const auto start = std::chrono::steady_clock::now();
  TcpClient third(server.at()), fourth(server.at());
  EXPECT_TRUE(server.reaches(Counter::tcp_timed_out, 1));  // idle for longer than now is allowed
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
  std::this_thread::sleep_for(milliseconds(600));
  EXPECT_EQ(server.count(Counter::tcp_timed_out), 1u);  // that eased the load
  EXPECT_EQ(server.count(Counter::tcp_open), 3u);
}

TEST(Tcp, OneClientsLimitIsAtItsOwnCost) {
  ServerOptions options;
  options.tcp.per_client = 2;
  SmallServer server({"127.0.0.1"}, options, 1);
  TcpClient neighbour(server.at(), "127.0.0.9");
  TcpClient first(server.at()), second(server.at()), third(server.at());
  third.send(www(3));
  EXPECT_EQ(id_of(third.receive()), 3);
  EXPECT_TRUE(first.ends());
  neighbour.send(www(9));
  EXPECT_EQ(id_of(neighbour.receive()), 9);
  second.send(www(2));
  EXPECT_EQ(id_of(second.receive()), 2);
  EXPECT_EQ(server.count(Counter::tcp_evicted), 1u);
}

TEST(Tcp, WithoutAnIdleOneTheNewConnectionIsClosed) {
  ServerOptions options;
  options.tcp.connections = 1;
  options.tcp.idle_timeout = std::chrono::minutes(1);
  SmallServer server({"127.0.0.1"}, options, 1);
  TcpClient busy(server.at());
  Message queries;
  const Message big = framed(query("big.example.", rr_type::TXT, 1));
  for (int i = 0; i < 1000; ++i) queries.insert(queries.end(), big.begin(), big.end());
  ::fcntl(busy.fd(), F_SETFL, O_NONBLOCK);
  ASSERT_GT(::send(busy.fd(), queries.data(), queries.size(), MSG_NOSIGNAL), 30000);
  ASSERT_TRUE(server.settles(Counter::tcp_queries));  // all the buffers between are full
  TcpClient refused(server.at());
  EXPECT_TRUE(refused.ends());
  EXPECT_TRUE(server.reaches(Counter::tcp_rejected, 1));
  EXPECT_EQ(server.count(Counter::tcp_open), 1u);
}

TEST(Tcp, OutOfDescriptorsItWaitsAndGoesOn) {
  // UBSan opens descriptors when it first sees a type: let it see those of the logger, of the words for an error and of
  // the worker's thread while some are left.
  spdlog::info("soon: {}; {} descriptors", std::generic_category().message(EMFILE), 0);
  SmallServer server({"127.0.0.1"}, {}, 1);
  EXPECT_FALSE(UdpClient().ask(server.at(), query("www.example.", rr_type::A, 1)).empty());
  FileDescriptor late(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const int free_number = ::dup(late.get());
  ::close(free_number);
  const rlimit none{static_cast<rlim_t>(free_number), before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const PeerAddress to(server.at().address, server.at().port);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(::connect(late.get(), to.any(), to.size()), 0);
  std::this_thread::sleep_for(milliseconds(350));
  const uint64_t pauses = server.count(Counter::tcp_accept_pauses);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_GE(pauses, 1u);
  const auto passed = std::chrono::steady_clock::now() - start;
  EXPECT_LE(pauses, static_cast<uint64_t>(passed / milliseconds(100)) + 1);  // no spinning
  EXPECT_TRUE(server.reaches(Counter::tcp_connections, 1));
}

TEST(Tcp, StoppingAnswersWhatHasArrived) {
  for (int round = 0; round < 10; ++round) {
    ServerOptions options;
    options.drain = std::chrono::seconds(20);
    SmallServer server({"127.0.0.1"}, options);
    TcpClient client(server.at());
    TcpClient idle(server.at());
    for (uint16_t id = 1; id <= 200; ++id) client.send(www(id));
    const auto start = std::chrono::steady_clock::now();
    server.server->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
    for (uint16_t id = 1; id <= 200; ++id) ASSERT_EQ(id_of(client.receive()), id);
    EXPECT_TRUE(client.ends());
    EXPECT_TRUE(idle.ends());
  }
}

TEST(Tcp, StoppingWaitsForAnUnfinishedQueryButNotForEver) {
  ServerOptions options;
  options.drain = milliseconds(800);
  SmallServer server({"127.0.0.1"}, options);
  TcpClient finishes(server.at());
  TcpClient never(server.at());
  const Message whole = www(5);
  finishes.send({whole.begin(), whole.begin() + 9});
  never.send({0, 100, 1});
  ASSERT_TRUE(server.reaches(Counter::tcp_open, 2));
  std::this_thread::sleep_for(milliseconds(20));
  std::thread late([&] {
    std::this_thread::sleep_for(milliseconds(50));
    finishes.send({whole.begin() + 9, whole.end()});
  });
  server.server->stop();
  late.join();
  EXPECT_EQ(id_of(finishes.receive()), 5);
  EXPECT_TRUE(never.ends());
}

}  // namespace
}  // namespace dnsd::transport_test
