#include "dnsd/transport/tcp_connection.h"

#include <gtest/gtest.h>

#include "small_server.h"
#include "zones/rr_types.h"

namespace dnsd::transport_test {
namespace {

// A connection that is given its turns by hand; the client is the other end of a socket pair.
class TcpConnectionTest : public testing::Test {
 protected:
  TcpConnectionTest() : state((publisher.publish(small_snapshot()), publisher), RotationState(1)) {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    // What the kernel holds must not depend on the machine's net.core.wmem_default.
    const int octets = 64 << 10;
    for (const int end : ends) EXPECT_EQ(::setsockopt(end, SOL_SOCKET, SO_SNDBUF, &octets, sizeof octets), 0);
    client = FileDescriptor(ends[0]);
    connection = std::make_unique<TcpConnection>(FileDescriptor(ends[1]), ip("192.0.2.1"));
  }

  TcpConnection::Turn turn() { return connection->turn(state, limits, 100, scratch); }
  void send(const Message& octets) {
    EXPECT_EQ(::send(client.get(), octets.data(), octets.size(), MSG_NOSIGNAL), static_cast<ssize_t>(octets.size()));
  }
  size_t received_octets() {
    Message octets(1 << 20);
    size_t all = 0;
    for (ssize_t n; (n = ::recv(client.get(), octets.data(), octets.size(), 0)) > 0;) all += static_cast<size_t>(n);
    return all;
  }
  uint64_t responses() const { return state.counters.read()[Counter::tcp_responses]; }

  Publisher publisher;
  WorkerState state;
  TcpLimits limits;
  Message scratch = Message(TcpConnection::scratch_octets);
  FileDescriptor client;
  std::unique_ptr<TcpConnection> connection;
};

const Message small = framed(query("www.example.", rr_type::A, 1));
const Message big = framed(query("big.example.", rr_type::TXT, 1));

TEST_F(TcpConnectionTest, ATurnAnswersAtMostItsShare) {
  limits.queries_per_turn = 4;
  for (int i = 0; i < 10; ++i) send(small);
  EXPECT_TRUE(turn().more);
  EXPECT_EQ(responses(), 4u);
  EXPECT_FALSE(connection->is_idle());
  EXPECT_FALSE(connection->wants_to_read(limits));
  EXPECT_TRUE(turn().more);
  EXPECT_EQ(responses(), 8u);
  EXPECT_FALSE(turn().more);
  EXPECT_EQ(responses(), 10u);
  EXPECT_TRUE(connection->is_at_rest());
}

TEST_F(TcpConnectionTest, OnlyACompleteQueryIsActivity) {
  send({small.begin(), small.begin() + 5});
  EXPECT_FALSE(turn().active);
  EXPECT_TRUE(connection->is_idle());
  EXPECT_FALSE(connection->is_at_rest());
  send({small.begin() + 5, small.end()});
  EXPECT_TRUE(turn().active);
}

TEST_F(TcpConnectionTest, StopsReadingFromAClientThatDoesNotRead) {
  Message queries;
  for (int i = 0; i < 100; ++i) queries.insert(queries.end(), big.begin(), big.end());
  send(queries);
  TcpConnection::Turn last;
  for (int i = 0; i < 100; ++i) last = turn();
  EXPECT_FALSE(last.active);
  EXPECT_FALSE(last.more);
  EXPECT_FALSE(connection->wants_to_read(limits));
  EXPECT_TRUE(connection->wants_to_write());
  EXPECT_LT(responses(), 20u);

  size_t octets = 0;
  for (int i = 0; i < 1000 && responses() < 100; ++i) {
    octets += received_octets();
    turn();
  }
  while (connection->wants_to_write()) {
    octets += received_octets();
    turn();
  }
  octets += received_octets();
  EXPECT_EQ(responses(), 100u);
  EXPECT_GT(octets, 100u * 40000u);
}

TEST_F(TcpConnectionTest, AFewOctetsTakenAreNoActivity) {
  Message queries;
  for (int i = 0; i < 100; ++i) queries.insert(queries.end(), big.begin(), big.end());
  send(queries);
  while (turn().active) {
  }
  uint8_t octets[100];
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(::recv(client.get(), octets, sizeof octets, 0), static_cast<ssize_t>(sizeof octets));
    EXPECT_FALSE(turn().active);
  }
}

TEST_F(TcpConnectionTest, EndsAfterTheAnswersWhenTheClientHasEnded) {
  limits.queries_per_turn = 2;
  for (int i = 0; i < 3; ++i) send(small);
  ::shutdown(client.get(), SHUT_WR);
  EXPECT_FALSE(turn().over);
  while (!turn().over) {
  }
  EXPECT_EQ(responses(), 3u);
}

TEST_F(TcpConnectionTest, GarbageEndsItAfterTheAnswersBeforeIt) {
  for (const Message& garbage : {Message{0, 0}, Message{0, 3, 1, 2, 3}}) {
    SetUp();
    send(small);
    send(garbage);
    send(small);
    const uint64_t before = responses();
    EXPECT_TRUE(turn().over);
    EXPECT_EQ(responses(), before + 1);
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    client = FileDescriptor(ends[0]);
    connection = std::make_unique<TcpConnection>(FileDescriptor(ends[1]), ip("192.0.2.1"));
  }
}

TEST_F(TcpConnectionTest, AClientThatIsGoneEndsIt) {
  send(big);
  client.reset();
  EXPECT_TRUE(turn().over);
}

}  // namespace
}  // namespace dnsd::transport_test
