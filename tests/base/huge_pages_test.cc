#include "base/huge_pages.h"

#include <gtest/gtest.h>

#include <fstream>
#include <numeric>

namespace dnsd {
namespace {

// Octets of memory that the process has of its own.
size_t resident() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("RssAnon:")) return std::stoul(line.substr(8)) * 1024;
  return 0;
}

TEST(HugePages, LargeBuffersBeginAtAHugePage) {
  for (const size_t size : {2 * huge_page_octets, 2 * huge_page_octets + 1, 9 * huge_page_octets - 1}) {
    HugeVector<uint8_t> buffer(size);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(buffer.data()) % huge_page_octets, 0u);
    buffer.back() = 1;
  }
}

TEST(HugePages, BuffersGrowAndKeepTheirContent) {
  HugeVector<uint32_t> buffer;
  for (uint32_t i = 0; i < 3'000'000; ++i) buffer.push_back(i);
  std::vector<uint32_t> expected(buffer.size());
  std::iota(expected.begin(), expected.end(), 0u);
  EXPECT_TRUE(std::equal(buffer.begin(), buffer.end(), expected.begin()));
}

TEST(HugePages, WhatIsNotTouchedTakesNoMemoryAndWhatIsFreedGoesBack) {
  constexpr size_t size = size_t{64} << 20;
  const size_t before = resident();
  {
    HugeVector<uint8_t> buffer;
    buffer.reserve(16 * size);
    EXPECT_LT(resident(), before + size / 8);
    buffer.resize(size, 1);
    EXPECT_GT(resident(), before + size / 2);
  }
  EXPECT_LT(resident(), before + size / 8);
}

TEST(HugePages, MoreThanThereIsIsRefused) {
  HugeVector<uint64_t> buffer;
  EXPECT_THROW(buffer.reserve(size_t{1} << 58), std::bad_alloc);
}

}  // namespace
}  // namespace dnsd
