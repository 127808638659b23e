#include "dnsd/transport/udp_batch.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <span>

#include "small_server.h"

namespace dnsd::transport_test {
namespace {

// What the kernel of a test is like: it takes sends of several answers, or refuses them with an errno of the way out.
// The workers of other tests of this program send, too.
std::atomic<int> refusal = 0;
std::atomic<unsigned> sends_of_several = 0;

bool is_several(const msghdr& message) { return message.msg_iovlen > 1; }

int send_as_this_kernel(int fd, mmsghdr* messages, unsigned number, int flags) {
  unsigned taken = 0;
  while (refusal != 0 && taken < number && !is_several(messages[taken].msg_hdr)) ++taken;
  if (refusal != 0 && taken == 0) {
    errno = refusal;
    return -1;
  }
  const long sent = ::syscall(SYS_sendmmsg, fd, messages, refusal != 0 ? taken : number, flags);
  for (long i = 0; i < sent; ++i) sends_of_several += is_several(messages[i].msg_hdr);
  return static_cast<int>(sent);
}

}  // namespace
}  // namespace dnsd::transport_test

// Takes the place of libc's for what is linked into this program.
extern "C" int sendmmsg(int fd, mmsghdr* messages, unsigned number, int flags) {
  return dnsd::transport_test::send_as_this_kernel(fd, messages, number, flags);
}

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
  ~UdpBatchTest() override { refusal = 0; }

  // Several clients ask in this order, one octet each: their answers wait to be sent, `lengths` one for each.
  void ask_and_answer(std::span<UdpClient> clients, const std::vector<unsigned>& order,
                      const std::vector<size_t>& lengths) {
    sends_of_several = 0;
    for (size_t i = 0; i < order.size(); ++i) clients[order[i]].send(at, {static_cast<uint8_t>(i + 1)});
    ASSERT_EQ(batch.receive(socket.get(), true), order.size());
    for (unsigned i = 0; i < order.size(); ++i) reply(i, lengths[i]);
  }
  uint64_t count(Counter counter) const { return counters.read()[counter]; }

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

// The clients see nothing of it: datagrams, in the order of their queries.
TEST_F(UdpBatchTest, AnswersToOnePeerLeaveTogetherAlsoAmongOthers) {
  UdpClient clients[2];
  ask_and_answer(clients, {0, 1, 0, 0, 1, 0}, {60, 60, 60, 60, 70, 50});
  EXPECT_TRUE(batch.send(socket.get(), counters));
  for (const int i : {1, 3, 4}) EXPECT_EQ(clients[0].receive(), Message(60, static_cast<uint8_t>(i)));
  EXPECT_EQ(clients[0].receive(), Message(50, 6));
  EXPECT_EQ(clients[1].receive(), Message(60, 2));
  EXPECT_EQ(clients[1].receive(), Message(70, 5));
  EXPECT_EQ(sends_of_several, 1u);
  EXPECT_EQ(count(Counter::udp_joined), 4u);
  EXPECT_EQ(count(Counter::udp_send_errors), 0u);
}

TEST_F(UdpBatchTest, WithoutSegmentingEachLeavesAlone) {
  for (uint8_t i = 1; i <= 3; ++i) client.send(at, {i});
  ASSERT_EQ(batch.receive(socket.get()), 3u);
  sends_of_several = 0;
  for (unsigned i = 0; i < 3; ++i) reply(i, 60);
  EXPECT_TRUE(batch.send(socket.get(), counters));
  for (uint8_t i = 1; i <= 3; ++i) EXPECT_EQ(client.receive(), Message(60, i));
  EXPECT_EQ(sends_of_several, 0u);
  EXPECT_EQ(count(Counter::udp_joined), 0u);
}

TEST_F(UdpBatchTest, FullBatchesOfOnePeerOfAnyLength) {
  for (const size_t octets : {size_t{12}, size_t{512}, size_t{1232}, max_udp_response}) {
    UdpClient clients[1];
    ask_and_answer(clients, std::vector<unsigned>(UdpBatch::width, 0), std::vector<size_t>(UdpBatch::width, octets));
    EXPECT_TRUE(batch.send(socket.get(), counters));
    for (unsigned i = 0; i < UdpBatch::width; ++i)
      ASSERT_EQ(clients[0].receive(), Message(octets, static_cast<uint8_t>(i + 1))) << octets;
    EXPECT_EQ(sends_of_several, octets == max_udp_response ? 3u : 1u);
  }
  EXPECT_EQ(count(Counter::udp_send_errors), 0u);
}

TEST_F(UdpBatchTest, OnePeerThatAskedAtTwoAddressesHearsFromBoth) {
  Result<Listeners> everywhere = open_listeners({{SocketAddress{ip("0.0.0.0"), 0}}}, 1);
  ASSERT_TRUE(everywhere);
  const int fd = everywhere->workers[0].udp[0].get();
  const uint16_t port = everywhere->addresses[0].at.port;
  const PeerAddress own(ip("127.0.0.1"), 0);
  ASSERT_EQ(::bind(client.fd(), own.any(), own.size()), 0);
  for (uint8_t i = 1; i <= 4; ++i) client.send({ip(i <= 2 ? "127.0.0.1" : "127.0.0.2"), port}, {i});
  ASSERT_EQ(batch.receive(fd, true), 4u);
  sends_of_several = 0;
  for (unsigned i = 0; i < 4; ++i) reply(i, 60);
  EXPECT_TRUE(batch.send(fd, counters));
  for (int i = 0; i < 4; ++i) {
    const Message answer = client.receive();
    ASSERT_EQ(answer.size(), 60u);
    EXPECT_EQ(client.answered_from.address, ip(answer[0] <= 2 ? "127.0.0.1" : "127.0.0.2"));
  }
  EXPECT_EQ(sends_of_several, 2u);
}

TEST_F(UdpBatchTest, ADeviceThatCannotSegmentGetsThemOneByOneAndIsNotAskedAgain) {
  refusal = EIO;
  UdpClient clients[2];
  ask_and_answer(clients, {0, 0, 1, 0, 1, 1}, {60, 60, 70, 60, 70, 70});
  EXPECT_FALSE(batch.send(socket.get(), counters));
  for (const int i : {1, 2, 4}) EXPECT_EQ(clients[0].receive(), Message(60, static_cast<uint8_t>(i)));
  for (const int i : {3, 5, 6}) EXPECT_EQ(clients[1].receive(), Message(70, static_cast<uint8_t>(i)));
  EXPECT_EQ(count(Counter::udp_joined), 0u);
  EXPECT_EQ(count(Counter::udp_send_errors), 0u);
}

TEST_F(UdpBatchTest, ARunThatDoesNotFitTheWayIsSentOneByOne) {
  for (const int error : {EMSGSIZE, EINVAL}) {
    refusal = error;
    UdpClient clients[1];
    ask_and_answer(clients, {0, 0, 0}, {60, 60, 60});
    EXPECT_TRUE(batch.send(socket.get(), counters));  // another way may be wider
    for (const int i : {1, 2, 3}) EXPECT_EQ(clients[0].receive(), Message(60, static_cast<uint8_t>(i)));
  }
  EXPECT_EQ(count(Counter::udp_send_errors), 0u);
}

// The kernel itself refuses, with EINVAL: it cannot cut what it may not give checksums.
TEST_F(UdpBatchTest, TheKernelsOwnRefusal) {
  const int on = 1;
  ASSERT_EQ(::setsockopt(socket.get(), SOL_SOCKET, SO_NO_CHECK, &on, sizeof on), 0);
  UdpClient clients[1];
  ask_and_answer(clients, {0, 0, 0}, {60, 60, 40});
  EXPECT_TRUE(batch.send(socket.get(), counters));
  for (const int i : {1, 2}) EXPECT_EQ(clients[0].receive(), Message(60, static_cast<uint8_t>(i)));
  EXPECT_EQ(clients[0].receive(), Message(40, 3));
  EXPECT_EQ(sends_of_several, 0u);
  EXPECT_EQ(count(Counter::udp_joined), 0u);
}

}  // namespace
}  // namespace dnsd::transport_test
