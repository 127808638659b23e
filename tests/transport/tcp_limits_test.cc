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

TEST(ConnectionBudget, InAll) {
  ConnectionBudget budget(limits(2, 2));
  EXPECT_EQ(budget.take(ip("192.0.2.1")), Verdict::granted);
  EXPECT_EQ(budget.take(ip("192.0.2.2")), Verdict::granted);
  EXPECT_EQ(budget.take(ip("192.0.2.3")), Verdict::full);
  budget.release(ip("192.0.2.1"));
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
