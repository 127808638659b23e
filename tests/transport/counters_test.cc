#include "dnsd/transport/counters.h"

#include <gtest/gtest.h>

#include <set>

namespace dnsd {
namespace {

TEST(Counters, EachHasARowWithItsOwnNameAndHelp) {
  std::set<std::string_view> names;
  for (const CounterRow& row : counter_rows()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_FALSE(row.help.empty()) << row.name;
  }
  EXPECT_EQ(names.size(), counter_count);
}

TEST(Counters, AddAndSubtract) {
  Counters counters;
  counters.add(Counter::tcp_open, 3);
  counters.subtract(Counter::tcp_open);
  EXPECT_EQ(counters.read()[Counter::tcp_open], 2u);
  EXPECT_EQ(counters.read()[Counter::tcp_queries], 0u);
}

TEST(Counters, ResponsesByRcodeAndTruncation) {
  Counters counters;
  const uint8_t name_error[12] = {0, 1, 0x84, 0x03};
  const uint8_t truncated[12] = {0, 1, 0x86, 0x00};
  counters.count_response(Counter::udp_responses, name_error);
  counters.count_response(Counter::udp_responses, truncated);
  const CounterValues values = counters.read();
  EXPECT_EQ(values[Counter::udp_responses], 2u);
  EXPECT_EQ(values[Counter::truncated], 1u);
  EXPECT_EQ(values.rcodes[0], 1u);
  EXPECT_EQ(values.rcodes[3], 1u);
}

TEST(Counters, AddUpOverWorkers) {
  CounterValues one, two;
  one.values[0] = 1;
  one.rcodes[5] = 2;
  two.values[0] = 10;
  two.rcodes[5] = 20;
  one += two;
  EXPECT_EQ(one.values[0], 11u);
  EXPECT_EQ(one.rcodes[5], 22u);
}

}  // namespace
}  // namespace dnsd
