#include "dnsd/transport/udp_batch.h"

#include <gtest/gtest.h>

#include "small_server.h"

namespace dnsd::transport_test {
namespace {

class UdpBatchTest : public testing::Test {
 protected:
  UdpBatchTest() {
    Result<Listeners> listeners = open_listeners({{SocketAddress{ip("127.0.0.1"), 0}}}, 1);
    EXPECT_TRUE(listeners);
    at = listeners->addresses[0].at;
    socket = std::move(listeners->workers[0].udp[0]);
  }
  // Answers query `index` with `octets` times its first octet.
  void reply(unsigned index, size_t octets) {
    std::fill_n(batch.room().begin(), octets, batch.query(index)[0]);
    batch.reply(index, octets);
  }

  SocketAddress at;
  FileDescriptor socket;
  UdpBatch batch;
  Counters counters;
  UdpClient client;
};

TEST_F(UdpBatchTest, NothingWaits) { EXPECT_EQ(batch.receive(socket.get()), 0u); }

TEST_F(UdpBatchTest, TakesABatchAndLeavesTheRest) {
  for (unsigned i = 0; i < UdpBatch::width + 3; ++i) client.send(at, {static_cast<uint8_t>(i), 2});
  ASSERT_EQ(batch.receive(socket.get()), UdpBatch::width);
  EXPECT_EQ(batch.query(31).size(), 2u);
  EXPECT_EQ(batch.query(31)[0], 31);
  EXPECT_EQ(batch.peer(31).address(), ip("127.0.0.1"));
  ASSERT_EQ(batch.receive(socket.get()), 3u);
  EXPECT_EQ(batch.query(2)[0], 34);
}

TEST_F(UdpBatchTest, AFullBatchOfLongestAnswersHasRoom) {
  for (unsigned i = 0; i < UdpBatch::width; ++i) client.send(at, {static_cast<uint8_t>(i + 1)});
  ASSERT_EQ(batch.receive(socket.get()), UdpBatch::width);
  for (unsigned i = 0; i < UdpBatch::width; ++i) {
    ASSERT_GE(batch.room().size(), max_udp_response) << i;
    reply(i, max_udp_response);
  }
  batch.send(socket.get(), counters);
  for (unsigned i = 0; i < UdpBatch::width; ++i)
    ASSERT_EQ(client.receive(), Message(max_udp_response, static_cast<uint8_t>(i + 1)));
}

TEST_F(UdpBatchTest, AnAnswerTheKernelRefusesDoesNotHoldUpTheOthers) {
  for (uint8_t i = 1; i <= 4; ++i) client.send(at, {i});
  ASSERT_EQ(batch.receive(socket.get()), 4u);
  reply(0, 20);
  reply(1, 66000);  // more than a datagram can be
  reply(3, 30);     // and the third is left without an answer
  batch.send(socket.get(), counters);
  EXPECT_EQ(client.receive(), Message(20, 1));
  EXPECT_EQ(client.receive(), Message(30, 4));
  EXPECT_EQ(counters.read()[Counter::udp_send_errors], 1u);
}

TEST_F(UdpBatchTest, AnAnswerTooLargeForTheWayOutGoesAsItsHeadWithTc) {
  const Message asked = query("www.example.", 1, 7);
  for (int i = 0; i < 3; ++i) client.send(at, asked);
  ASSERT_EQ(batch.receive(socket.get()), 3u);
  Message large(65600);  // above what IPv4 can carry: refused with EMSGSIZE like one above the MTU
  std::copy(asked.begin(), asked.end(), large.begin());
  large[2] = 0x84;
  large[7] = 1;
  const size_t record = asked.size();
  large[record] = 0xc0;
  large[record + 1] = 12;
  store16(&large[record + 10], 65500);
  for (unsigned i = 0; i < 3; ++i) {
    const size_t octets = i == 1 ? record + 12 + 65500 : record;
    std::copy_n(large.begin(), octets, batch.room().begin());
    batch.reply(i, octets);
  }
  batch.send(socket.get(), counters);
  Message head(large.begin(), large.begin() + static_cast<ptrdiff_t>(record));
  EXPECT_EQ(client.receive(), head);
  Message cut = head;
  cut[2] |= 2;
  cut[7] = 0;
  EXPECT_EQ(client.receive(), cut);
  EXPECT_EQ(client.receive(), head);
  EXPECT_EQ(counters.read()[Counter::udp_cut], 1u);
  EXPECT_EQ(counters.read()[Counter::truncated], 1u);
  EXPECT_EQ(counters.read()[Counter::udp_send_errors], 0u);
}

TEST_F(UdpBatchTest, MarksADatagramThatWasCut) {
  client.send(at, Message(UdpBatch::query_room, 1));
  client.send(at, Message(UdpBatch::query_room + 1, 2));
  client.send(at, {3});
  ASSERT_EQ(batch.receive(socket.get()), 3u);
  EXPECT_FALSE(batch.is_cut(0));
  EXPECT_TRUE(batch.is_cut(1));
  EXPECT_FALSE(batch.is_cut(2));
}

}  // namespace
}  // namespace dnsd::transport_test
