#include "base/huge_pages.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <numeric>
#include <optional>

namespace dnsd {
namespace {

// Octets of these that have memory; nothing where they are mapped no more.
std::optional<size_t> resident(void* at, size_t octets) {
  constexpr size_t page = 4096;
  std::vector<unsigned char> pages(octets / page);
  if (::mincore(at, octets, pages.data()) != 0) return std::nullopt;
  return page * static_cast<size_t>(std::ranges::count_if(pages, [](unsigned char p) { return (p & 1) != 0; }));
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
  void* at = nullptr;
  {
    HugeVector<uint8_t> buffer;
    buffer.reserve(16 * size);
    at = buffer.data();
    EXPECT_EQ(resident(at, 16 * size), 0u);
    buffer.resize(size, 1);
    EXPECT_EQ(resident(at, 16 * size), size);
  }
  EXPECT_EQ(resident(at, 16 * size), std::nullopt);
}

TEST(HugePages, MoreThanThereIsIsRefused) {
  HugeVector<uint64_t> buffer;
  EXPECT_THROW(buffer.reserve(size_t{1} << 58), std::bad_alloc);
}

}  // namespace
}  // namespace dnsd
