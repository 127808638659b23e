#include "dnsd/pools/prefix_table.h"

#include <gtest/gtest.h>

#include <random>

namespace dnsd {
namespace {

PrefixTable table(std::vector<std::pair<const char*, PrefixTable::Class>> rows) {
  std::vector<PrefixTable::Row> out;
  for (const auto& [text, value] : rows) out.push_back({*IpPrefix::parse(text), value});
  return PrefixTable(out);
}

PrefixTable::Class find(const PrefixTable& t, const char* address) { return t.find(*IpAddress::parse(address)); }

TEST(PrefixTable, LongestPrefixWins) {
  const PrefixTable t = table({{"10.0.0.0/8", 1}, {"10.1.0.0/16", 2}, {"10.1.2.0/24", 3}, {"10.1.2.3/32", 4}});
  EXPECT_EQ(find(t, "10.0.0.0"), 1u);
  EXPECT_EQ(find(t, "10.1.0.0"), 2u);
  EXPECT_EQ(find(t, "10.1.2.2"), 3u);
  EXPECT_EQ(find(t, "10.1.2.3"), 4u);
  EXPECT_EQ(find(t, "10.1.2.4"), 3u);
  EXPECT_EQ(find(t, "10.1.3.0"), 2u);
  EXPECT_EQ(find(t, "10.2.0.0"), 1u);
  EXPECT_EQ(find(t, "10.255.255.255"), 1u);
  EXPECT_EQ(find(t, "11.0.0.0"), PrefixTable::no_class);
  EXPECT_EQ(find(t, "9.255.255.255"), PrefixTable::no_class);
}

TEST(PrefixTable, EndsOfTheAddressSpace) {
  const PrefixTable t = table({{"0.0.0.0/32", 1}, {"255.255.255.255/32", 2}, {"ffff::/16", 3}, {"::/128", 4}});
  EXPECT_EQ(find(t, "0.0.0.0"), 1u);
  EXPECT_EQ(find(t, "0.0.0.1"), PrefixTable::no_class);
  EXPECT_EQ(find(t, "255.255.255.254"), PrefixTable::no_class);
  EXPECT_EQ(find(t, "255.255.255.255"), 2u);
  EXPECT_EQ(find(t, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), 3u);
  EXPECT_EQ(find(t, "fffe::"), PrefixTable::no_class);
  EXPECT_EQ(find(t, "::"), 4u);
}

TEST(PrefixTable, WholeSpaceAndNothing) {
  EXPECT_EQ(find(table({{"0.0.0.0/0", 7}}), "203.0.113.9"), 7u);
  EXPECT_EQ(find(table({{"0.0.0.0/0", 7}}), "2001:db8::"), PrefixTable::no_class);
  EXPECT_TRUE(PrefixTable().empty());
  EXPECT_EQ(find(PrefixTable(), "203.0.113.9"), PrefixTable::no_class);
}

TEST(PrefixTable, LaterRowOfTheSamePrefixCounts) {
  EXPECT_EQ(find(table({{"10.0.0.0/8", 1}, {"10.0.0.0/8", 2}}), "10.9.9.9"), 2u);
}

// Random nested tables against the definition: the longest prefix that contains the address.
TEST(PrefixTable, AgreesWithBruteForce) {
  std::mt19937 random(1);
  const auto address = [&](Family family) {
    std::array<uint8_t, 16> octets{};
    // Few distinct values in the first octets, so that prefixes nest and touch.
    for (uint8_t& o : octets) o = static_cast<uint8_t>(random() % 4 * 85);
    if (family == Family::ipv6) return IpAddress::v6(octets);
    return IpAddress::v4({octets[0], octets[1], octets[2], octets[3]});
  };
  for (int round = 0; round < 200; ++round) {
    std::vector<PrefixTable::Row> rows;
    for (uint32_t i = 0; i < random() % 40; ++i) {
      const Family family = random() % 2 ? Family::ipv4 : Family::ipv6;
      const IpPrefix prefix(address(family), static_cast<unsigned>(random() % (address_bits(family) + 1)));
      std::erase_if(rows, [&](const auto& row) { return row.prefix == prefix; });
      rows.push_back({prefix, i});
    }
    const PrefixTable t(rows);
    for (int probe = 0; probe < 200; ++probe) {
      const IpAddress a = address(random() % 2 ? Family::ipv4 : Family::ipv6);
      const PrefixTable::Row* best = nullptr;
      for (const auto& row : rows)
        if (row.prefix.contains(a) && (!best || row.prefix.length() > best->prefix.length())) best = &row;
      ASSERT_EQ(t.find(a), best ? best->value : PrefixTable::no_class) << to_text(a);
    }
  }
}

}  // namespace
}  // namespace dnsd
