#include "dnsd/transport/tcp_limits.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

using Verdict = ConnectionBudget::Verdict;

IpAddress ip(const char* text) { return IpAddress::parse(text).value(); }

TcpLimits limits(unsigned connections, unsigned per_client) {
  TcpLimits limits;
  limits.connections = connections;
  limits.per_client = per_client;
  return limits;
}

TEST(IdleTimeoutUnderLoad, IsWholeUpToHalfAndThenFallsInALineToTheLeast) {
  TcpLimits of_100 = limits(100, 100);
  of_100.idle_timeout = std::chrono::seconds(11);
  of_100.least_idle_timeout = std::chrono::seconds(1);
  const auto seconds = [&](unsigned open) {
    return std::chrono::duration<double>(idle_timeout_under_load(of_100, open)).count();
  };
  EXPECT_EQ(seconds(0), 11);
  EXPECT_EQ(seconds(50), 11);
  EXPECT_EQ(seconds(51), 10.8);
  EXPECT_EQ(seconds(75), 6);
  EXPECT_EQ(seconds(99), 1.2);
  EXPECT_EQ(seconds(100), 1);
  EXPECT_EQ(seconds(200), 1);
}

TEST(IdleTimeoutUnderLoad, OfOneConnectionAndOfAShortTimeout) {
  TcpLimits of_one = limits(1, 1);
  EXPECT_EQ(idle_timeout_under_load(of_one, 0), of_one.idle_timeout);
  EXPECT_EQ(idle_timeout_under_load(of_one, 1), of_one.least_idle_timeout);
  of_one.idle_timeout = std::chrono::milliseconds(400);
  EXPECT_EQ(idle_timeout_under_load(of_one, 1), of_one.idle_timeout);
}

TEST(ConnectionBudget, InAll) {
  ConnectionBudget budget(limits(2, 2));
  EXPECT_EQ(budget.take(ip("192.0.2.1")), Verdict::granted);
  EXPECT_EQ(budget.take(ip("192.0.2.2")), Verdict::granted);
  EXPECT_EQ(budget.take(ip("192.0.2.3")), Verdict::full);
  EXPECT_EQ(budget.open(), 2u);
  budget.release(ip("192.0.2.1"));
  EXPECT_EQ(budget.open(), 1u);
  EXPECT_EQ(budget.take(ip("192.0.2.3")), Verdict::granted);
}

TEST(ConnectionBudget, OfOneClient) {
  ConnectionBudget budget(limits(10, 2));
  EXPECT_EQ(budget.take(ip("192.0.2.1")), Verdict::granted);
  EXPECT_EQ(budget.take(ip("192.0.2.1")), Verdict::granted);
  EXPECT_EQ(budget.take(ip("192.0.2.1")), Verdict::client_full);
  EXPECT_EQ(budget.take(ip("192.0.2.2")), Verdict::granted);
  budget.release(ip("192.0.2.1"));
  EXPECT_EQ(budget.take(ip("192.0.2.1")), Verdict::granted);
}

TEST(ConnectionBudget, AnIpv6ClientIsItsNetworkOf64Bits) {
  ConnectionBudget budget(limits(10, 1));
  EXPECT_EQ(budget.take(ip("2001:db8::1")), Verdict::granted);
  EXPECT_EQ(budget.take(ip("2001:db8::2")), Verdict::client_full);
  EXPECT_EQ(budget.take(ip("2001:db8:0:1::2")), Verdict::granted);
  budget.release(ip("2001:db8::1"));
  EXPECT_EQ(budget.take(ip("2001:db8::2")), Verdict::granted);
}

}  // namespace
}  // namespace dnsd
