#include "dnsd/transport/udp.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "small_server.h"
#include "zones/rr_types.h"

namespace dnsd::transport_test {
namespace {

TEST(Udp, Answers) {
  SmallServer server;
  UdpClient client;
  const Message answer = client.ask(server.at(), query("www.example.", rr_type::A, 4711));
  EXPECT_EQ(id_of(answer), 4711);
  EXPECT_EQ(rcode_of(answer), 0u);
  EXPECT_EQ(answer_count(answer), 1u);
  EXPECT_EQ(client.answered_from, server.at());
  EXPECT_EQ(rcode_of(client.ask(server.at(), query("none.example.", rr_type::A, 1))), 3u);
  EXPECT_TRUE(server.reaches(Counter::udp_queries, 2));
  EXPECT_TRUE(server.reaches(Counter::udp_responses, 2));
  EXPECT_EQ(server.server->counters().rcodes[3], 1u);
}

TEST(Udp, ManyDatagramsAtOnceEachGetTheirOwnAnswer) {
  SmallServer server;
  for (int round = 0; round < 5; ++round) {
    UdpClient client;
    std::set<uint16_t> open;
    for (uint16_t id = 1; id <= 100; ++id) {
      // Answers of different lengths stand side by side in a batch.
      client.send(server.at(), query(id % 3 ? "www.example." : "a-longer-name-that-is-not-there.example.", 1, id));
      open.insert(id);
    }
    for (int i = 0; i < 100; ++i) {
      const Message answer = client.receive();
      ASSERT_EQ(open.erase(id_of(answer)), 1u) << id_of(answer);
      EXPECT_EQ(rcode_of(answer), id_of(answer) % 3 ? 0u : 3u);
    }
  }
  EXPECT_TRUE(server.reaches(Counter::udp_responses, 500));
  EXPECT_EQ(server.count(Counter::udp_overflow), 0u);
}

TEST(Udp, EachWorkerTurnsThePoolByItself) {
  SmallServer server({"127.0.0.1"}, {}, 1);
  UdpClient client;
  std::set<Message> answers;
  for (int i = 0; i < 2; ++i) answers.insert(client.ask(server.at(), query("pool.example.", rr_type::A, 7)));
  EXPECT_EQ(answers.size(), 2u);  // four members, two in an answer: two answers are a turn
  EXPECT_EQ(answer_count(*answers.begin()), 2u);
}

TEST(Udp, AWildcardSocketAnswersFromTheAddressThatWasAsked) {
  SmallServer server({"0.0.0.0"});
  for (const char* asked : {"127.0.0.1", "127.0.0.2", "127.9.8.7"}) {
    UdpClient client;
    const SocketAddress to{ip(asked), server.at().port};
    EXPECT_EQ(answer_count(client.ask(to, query("www.example.", rr_type::A, 1))), 1u);
    EXPECT_EQ(client.answered_from, to);
  }
}

TEST(Udp, Ipv6) {
  SmallServer server({"::1", "::"});
  for (const size_t index : {0u, 1u}) {
    UdpClient client(Family::ipv6);
    const SocketAddress to{ip("::1"), server.at(index).port};
    EXPECT_EQ(answer_count(client.ask(to, query("www.example.", rr_type::A, 1))), 1u);
    EXPECT_EQ(client.answered_from, to);
  }
}

// IPv6 and wildcard sockets, too: the control message has both the source and where to cut.
TEST(Udp, ABusyPeerIsAnsweredInSendsOfSeveral) {
  for (const char* listening : {"127.0.0.1", "0.0.0.0", "::1", "::"}) {
    const Family family = ip(listening).family();
    SmallServer server({listening}, {}, 1);
    EXPECT_EQ(server.count(Counter::udp_segmenting), 1u);
    const SocketAddress to{ip(family == Family::ipv4 ? "127.0.0.1" : "::1"), server.at().port};
    UdpClient client(family);
    uint16_t id = 0;
    for (int round = 0; round < 100 && server.count(Counter::udp_joined) == 0; ++round) {
      for (int i = 0; i < 32; ++i) client.send(to, query("www.example.", rr_type::A, ++id));
      for (int i = 31; i >= 0; --i) {
        const Message answer = client.receive();
        ASSERT_EQ(id_of(answer), id - i);
        ASSERT_EQ(answer_count(answer), 1u);
        ASSERT_EQ(client.answered_from, to);
      }
    }
    EXPECT_GT(server.count(Counter::udp_joined), 0u) << listening;
  }
}

TEST(Udp, SegmentingIsByOption) {
  ServerOptions options;
  options.udp.segmentation = false;
  SmallServer server({"127.0.0.1"}, options, 1);
  UdpClient client;
  for (uint16_t round = 0; round < 20; ++round) {
    for (uint16_t id = 1; id <= 32; ++id) client.send(server.at(), query("www.example.", rr_type::A, id));
    for (uint16_t id = 1; id <= 32; ++id) ASSERT_EQ(id_of(client.receive()), id);
  }
  EXPECT_EQ(server.count(Counter::udp_segmenting), 0u);
  EXPECT_EQ(server.count(Counter::udp_joined), 0u);
}

// 10,000 sockets of their own, by source port and address, four queries each among those of all others.
TEST(Udp, NothingIsLostWithTenThousandPeers) {
  constexpr unsigned addresses = 100, peers_each = 100, queries_each = 4;
  SmallServer server({"127.0.0.1"}, {}, 2);
  for (unsigned address = 0; address < addresses; ++address) {
    std::vector<UdpClient> peers(peers_each);
    const PeerAddress own(ip("127.0.1." + std::to_string(address + 1)), 0);
    for (UdpClient& peer : peers) ASSERT_EQ(::bind(peer.fd(), own.any(), own.size()), 0);
    for (uint16_t id = 1; id <= queries_each; ++id)
      for (UdpClient& peer : peers) peer.send(server.at(), query("www.example.", rr_type::A, id));
    for (UdpClient& peer : peers)
      for (uint16_t id = 1; id <= queries_each; ++id) ASSERT_EQ(id_of(peer.receive()), id);
  }
  EXPECT_TRUE(server.reaches(Counter::udp_responses, addresses * peers_each * queries_each));
  EXPECT_EQ(server.count(Counter::udp_overflow), 0u);
  EXPECT_EQ(server.count(Counter::udp_send_errors), 0u);
}

// The test needs CAP_NET_RAW: no other socket sends from port 0.
TEST(Udp, FromSourcePort0ItIsDropped) {
  SmallServer server;
  const FileDescriptor raw(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_UDP));
  ASSERT_TRUE(raw) << "this test needs a raw socket: run it as root, or with CAP_NET_RAW";
  const Message asked = query("www.example.", rr_type::A, 1);
  for (const uint16_t source_port : {uint16_t{0}, uint16_t{9}}) {
    Message datagram(8);  // source port, destination port, length, checksum: 0 is none (RFC 768)
    store16(&datagram[0], source_port);
    store16(&datagram[2], server.at().port);
    store16(&datagram[4], static_cast<uint16_t>(8 + asked.size()));
    datagram.insert(datagram.end(), asked.begin(), asked.end());
    const PeerAddress to(server.at().address, 0);
    ASSERT_EQ(::sendto(raw.get(), datagram.data(), datagram.size(), 0, to.any(), to.size()),
              static_cast<ssize_t>(datagram.size()));
  }
  EXPECT_TRUE(server.reaches(Counter::udp_queries, 2));
  EXPECT_TRUE(server.reaches(Counter::udp_responses, 1));  // to port 9, where nobody is
  EXPECT_TRUE(server.reaches(Counter::udp_dropped, 1));
  EXPECT_EQ(server.count(Counter::udp_send_errors), 0u);
}

TEST(Udp, WhatIsNoQueryIsDropped) {
  SmallServer server;
  UdpClient client;
  Message response = query("www.example.", rr_type::A, 1);
  response[2] |= 0x80;
  client.send(server.at(), {});
  client.send(server.at(), {1, 2, 3});
  client.send(server.at(), response);
  EXPECT_TRUE(server.reaches(Counter::udp_dropped, 3));
  EXPECT_TRUE(client.receive(std::chrono::milliseconds(20)).empty());
}

TEST(Udp, ADatagramLargerThanTheRoomIsDroppedAndTheNextAnswered) {
  SmallServer server;
  UdpClient client;
  Message large = query("www.example.", rr_type::A, 1);
  large.resize(UdpBatch::query_room + 1);
  client.send(server.at(), large);
  EXPECT_TRUE(server.reaches(Counter::udp_receive_truncated, 1));
  EXPECT_EQ(id_of(client.ask(server.at(), query("www.example.", rr_type::A, 2))), 2);
}

TEST(Udp, StoppingAnswersWhatHasArrived) {
  for (int round = 0; round < 20; ++round) {
    SmallServer server;
    UdpClient client;
    for (uint16_t id = 1; id <= 20; ++id) client.send(server.at(), query("www.example.", rr_type::A, id));
    server.server->stop();
    for (int i = 0; i < 20; ++i) ASSERT_FALSE(client.receive(std::chrono::seconds(1)).empty()) << i;
  }
}

// libuv stops polling a socket with a pending error. A connected socket gets one by ICMP when its peer is gone.
TEST(Udp, AnErrorOnTheSocketDoesNotMakeItDeaf) {
  Publisher publisher;
  publisher.publish(small_snapshot());
  WorkerState state(publisher, RotationState(1));
  UdpBatch batch;
  uv_loop_t loop;
  ASSERT_EQ(uv_loop_init(&loop), 0);
  UdpClient first;
  const PeerAddress any_port(ip("127.0.0.1"), 0);
  ASSERT_EQ(::bind(first.fd(), any_port.any(), any_port.size()), 0);
  PeerAddress peer;
  socklen_t size = PeerAddress::room;
  ASSERT_EQ(::getsockname(first.fd(), peer.any(), &size), 0);

  FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(socket.get(), any_port.any(), any_port.size()), 0);
  ASSERT_EQ(::connect(socket.get(), peer.any(), peer.size()), 0);
  const int fd = socket.get();
  PeerAddress own;
  ASSERT_EQ(::getsockname(fd, own.any(), &size), 0);
  const SocketAddress at{own.address(), own.port()};

  UdpListener listener(std::move(socket), {}, batch, state);
  ASSERT_TRUE(listener.start(loop));
  first = UdpClient();                      // the peer is gone,
  ASSERT_EQ(::send(fd, "x", 1, 0), 1);      // which the socket learns by this
  uv_run(&loop, UV_RUN_ONCE);
  UdpClient second;
  ASSERT_EQ(::bind(second.fd(), peer.any(), peer.size()), 0);
  for (uint16_t id = 1; id <= 2; ++id) {
    second.send(at, query("www.example.", rr_type::A, id));
    uv_run(&loop, UV_RUN_ONCE);
    EXPECT_EQ(id_of(second.receive()), id);
  }
  listener.close();
  uv_run(&loop, UV_RUN_DEFAULT);
  EXPECT_EQ(uv_loop_close(&loop), 0);
}

}  // namespace
}  // namespace dnsd::transport_test
