#include "dnsd/http/descriptors.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace dnsd {
namespace {

TEST(Descriptors, TheLimitIsRaisedToTheMost) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = before.rlim_max / 2;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_EQ(raise_descriptor_limit(), before.rlim_max);
  rlimit after{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, before.rlim_max);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(Descriptors, WhatIsLeftForConnections) {
  EXPECT_EQ(connections_within(10000, 20000, 1000), 10000u);
  EXPECT_EQ(connections_within(10000, 10000, 1000), 8744u);
  EXPECT_EQ(connections_within(10000, 1024, 1100), 64u);
  EXPECT_EQ(connections_within(10000, 0, 0), 64u);
  EXPECT_EQ(connections_within(10, 0, 0), 10u);
}

}  // namespace
}  // namespace dnsd
