#include "dnsd/http/connection_table.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

namespace dnsd {
namespace {

using namespace std::chrono_literals;

// One end in the table, the other here, to see whether the table shuts it down.
class Pair {
 public:
  Pair() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_), 0); }
  ~Pair() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
  int socket() const { return ends_[0]; }
  bool is_shut(std::chrono::milliseconds patience = 0ms) const {
    pollfd wait{ends_[1], POLLIN, 0};
    return ::poll(&wait, 1, static_cast<int>(patience.count())) == 1;
  }

 private:
  int ends_[2];
};

sockaddr_storage from(const std::string& address) {
  sockaddr_storage storage{};
  auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
  if (::inet_pton(AF_INET, address.c_str(), &v4->sin_addr) == 1) storage.ss_family = AF_INET;
  else if (::inet_pton(AF_INET6, address.c_str(), &v6->sin6_addr) == 1) storage.ss_family = AF_INET6;
  return storage;
}

class ConnectionTableTest : public ::testing::Test {
 protected:
  void open(size_t i, const std::string& address) {
    const sockaddr_storage client = from(address);
    table.opened(pairs[i].socket(), reinterpret_cast<const sockaddr&>(client));
  }
  // "010": the second of three was shut down.
  std::string shut(size_t n) const {
    std::string text;
    for (size_t i = 0; i < n; ++i) text += pairs[i].is_shut() ? '1' : '0';
    return text;
  }

  Pair pairs[8];
  ConnectionTable table{{4, 2, 10min}};
};

TEST_F(ConnectionTableTest, WhoWaitedLongestMakesRoom) {
  for (size_t i = 0; i < 4; ++i) open(i, "192.0.2." + std::to_string(i));
  EXPECT_EQ(shut(4), "0000");
  open(4, "192.0.2.4");
  EXPECT_EQ(shut(5), "10000");
  open(5, "192.0.2.5");
  EXPECT_EQ(shut(6), "110000");
  EXPECT_EQ(table.counts().open, 4u);
  EXPECT_EQ(table.counts().made_room, 2u);
}

TEST_F(ConnectionTableTest, WhoIsBeingAnsweredStaysBeforeWhoWaits) {
  for (size_t i = 0; i < 4; ++i) open(i, "192.0.2." + std::to_string(i));
  table.asked(pairs[0].socket());
  table.asked(pairs[1].socket());
  open(4, "192.0.2.4");
  EXPECT_EQ(shut(5), "00100");
  table.answered(pairs[0].socket());  // waits again, but since now
  open(5, "192.0.2.5");
  EXPECT_EQ(shut(6), "001100");
  open(6, "192.0.2.6");
  EXPECT_EQ(shut(7), "0011100");
  open(7, "192.0.2.7");
  EXPECT_EQ(shut(8), "10111000");
}

TEST_F(ConnectionTableTest, WhereNobodyWaitsTheLongestAnswerEnds) {
  for (size_t i = 0; i < 4; ++i) {
    open(i, "192.0.2." + std::to_string(i));
    table.asked(pairs[i].socket());
  }
  open(4, "192.0.2.4");
  EXPECT_EQ(shut(5), "10000");
}

TEST_F(ConnectionTableTest, AClientMakesRoomForItself) {
  open(0, "192.0.2.1");
  open(1, "192.0.2.2");
  open(2, "192.0.2.2");
  open(3, "192.0.2.2");
  EXPECT_EQ(shut(4), "0100");
  open(4, "192.0.2.1");
  open(5, "192.0.2.1");
  EXPECT_EQ(shut(6), "110000");
}

TEST_F(ConnectionTableTest, AClientOfIpv6IsItsSlash64) {
  open(0, "2001:db8::1");
  open(1, "2001:db8::2");
  open(2, "2001:db8:0:1::1");
  EXPECT_EQ(shut(3), "000");
  open(3, "2001:db8::ffff:3");
  EXPECT_EQ(shut(4), "1000");
}

TEST_F(ConnectionTableTest, APlaceIsFreeAgainWhenItsConnectionCloses) {
  for (size_t i = 0; i < 4; ++i) open(i, "192.0.2." + std::to_string(i));
  table.closed(pairs[2].socket());
  EXPECT_EQ(table.counts().open, 3u);
  open(4, "192.0.2.4");
  EXPECT_EQ(shut(5), "00000");
  open(5, "192.0.2.5");
  EXPECT_EQ(shut(6), "100000");
  table.closed(pairs[0].socket());  // one that was ended
  open(0, "192.0.2.0");             // its number again
  EXPECT_EQ(shut(6), "110000");
  EXPECT_EQ(table.counts().open, 4u);
}

TEST_F(ConnectionTableTest, WhoIsUnknownIsIgnored) {
  table.asked(99);
  table.answered(99);
  table.closed(99);
  EXPECT_FALSE(table.is_ageing(99));
  EXPECT_EQ(table.counts().open, 0u);
}

TEST(ConnectionTable, EveryConnectionEndsAtItsDeadline) {
  ConnectionTable table({4, 4, 200ms});
  const Pair waiting, answering;
  const sockaddr_storage client = from("192.0.2.1");
  for (const Pair* pair : {&waiting, &answering}) table.opened(pair->socket(), reinterpret_cast<const sockaddr&>(client));
  table.asked(answering.socket());
  EXPECT_FALSE(table.is_ageing(waiting.socket()));
  EXPECT_FALSE(waiting.is_shut(80ms));
  std::this_thread::sleep_for(40ms);
  EXPECT_TRUE(table.is_ageing(waiting.socket()));
  EXPECT_TRUE(waiting.is_shut(5s));
  EXPECT_TRUE(answering.is_shut(5s));
  EXPECT_EQ(table.counts().expired, 2u);
  EXPECT_EQ(table.counts().open, 0u);
}

}  // namespace
}  // namespace dnsd
