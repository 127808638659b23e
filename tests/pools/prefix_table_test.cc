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

TEST(PrefixTable, ScopeIsThatOfTheWidestUniformPrefix) {
  const PrefixTable t = table({{"10.0.0.0/8", 1}, {"10.1.0.0/16", 2}, {"10.1.2.0/24", 1}});
  const auto scope = [&](const char* address) { return t.match(*IpAddress::parse(address)).scope; };
  EXPECT_EQ(scope("10.1.2.3"), 24u);
  EXPECT_EQ(scope("10.1.3.0"), 24u) << "10.1.2.0/24 is the other half of its /23";
  EXPECT_EQ(scope("10.1.0.0"), 23u);
  EXPECT_EQ(scope("10.1.255.0"), 17u);
  EXPECT_EQ(scope("10.0.0.1"), 16u);
  EXPECT_EQ(scope("10.128.0.0"), 9u);
  EXPECT_EQ(scope("11.0.0.0"), 8u);
  EXPECT_EQ(scope("192.0.2.1"), 1u) << "strangers have a scope, too";
  EXPECT_EQ(scope("2001:db8::1"), 0u) << "no prefix of that family";
  EXPECT_EQ(table({{"10.0.0.0/9", 1}, {"10.128.0.0/9", 1}}).match(*IpAddress::parse("10.1.1.1")).scope, 8u)
      << "neighbours of one class are one";
}

TEST(PrefixTable, NetworkWithSeveralClassesInside) {
  const PrefixTable t = table({{"10.0.0.0/8", 1}, {"10.1.2.0/24", 2}, {"172.16.0.0/24", 3}});
  const auto match = [&](const char* address, unsigned bits) { return t.match(*IpAddress::parse(address), bits); };
  EXPECT_EQ(match("10.1.0.0", 16).value, 1) << "the longest prefix that holds all of it";
  EXPECT_EQ(match("10.1.0.0", 16).scope, 23u) << "a resolver that wants to know more shall send more";
  EXPECT_EQ(match("10.1.2.0", 23).value, 1);
  EXPECT_EQ(match("10.1.2.0", 24).value, 2);
  EXPECT_EQ(match("172.16.0.0", 16).value, PrefixTable::no_class);
  EXPECT_EQ(match("172.16.0.0", 16).scope, 24u);
}

// ---- random nested tables against the definitions ------------------------------------------------------------

class RandomTables : public ::testing::Test {
 protected:
  // Few distinct values in the first octets, so that prefixes nest and touch.
  IpAddress address(Family family) {
    std::array<uint8_t, 16> octets{};
    for (uint8_t& o : octets) o = static_cast<uint8_t>(random() % 4 * 85);
    if (family == Family::ipv6) return IpAddress::v6(octets);
    return IpAddress::v4({octets[0], octets[1], octets[2], octets[3]});
  }
  Family family() { return random() % 2 ? Family::ipv4 : Family::ipv6; }

  void make_rows(size_t most, PrefixTable::Class classes, unsigned longest6 = 128) {
    rows.clear();
    for (size_t n = random() % most; n > 0; --n) {
      const Family of = family();
      const unsigned longest = of == Family::ipv4 ? 32 : longest6;
      const IpPrefix prefix(address(of), static_cast<unsigned>(random() % (longest + 1)));
      std::erase_if(rows, [&](const auto& row) { return row.prefix == prefix; });
      rows.push_back({prefix, static_cast<PrefixTable::Class>(random() % classes)});
    }
  }

  PrefixTable::Class longest_match(const IpPrefix& network) const {
    const PrefixTable::Row* best = nullptr;
    for (const auto& row : rows)
      if (row.prefix.contains(network) && (!best || row.prefix.length() > best->prefix.length())) best = &row;
    return best ? best->value : PrefixTable::no_class;
  }

  // Whether all addresses of a network have one class: its own, and so have all rows inside, but for those that are
  // hidden by longer ones.
  bool uniform(const IpPrefix& network, PrefixTable::Class value) const {
    std::vector<IpPrefix> parts = {network};  // inside of which there is still something to look at
    while (!parts.empty()) {
      const IpPrefix part = parts.back();
      parts.pop_back();
      const bool more = std::ranges::any_of(
          rows, [&](const auto& row) { return part.contains(row.prefix) && row.prefix.length() > part.length(); });
      if (!more) {
        if (longest_match(part) != value) return false;
        continue;
      }
      const unsigned length = part.length() + 1;
      std::array<uint8_t, 16> octets{};
      std::ranges::copy(part.address().octets(), octets.begin());
      octets[part.length() / 8] |= static_cast<uint8_t>(0x80 >> part.length() % 8);
      const IpAddress upper = part.family() == Family::ipv6
                                  ? IpAddress::v6(octets)
                                  : IpAddress::v4({octets[0], octets[1], octets[2], octets[3]});
      parts.emplace_back(part.address(), length);
      parts.emplace_back(upper, length);
    }
    return true;
  }

  std::mt19937 random{1};
  std::vector<PrefixTable::Row> rows;
};

TEST_F(RandomTables, AgreeWithTheLongestPrefix) {
  for (int round = 0; round < 400; ++round) {
    make_rows(40, 40, round % 2 ? 64 : 128);
    const PrefixTable t(rows);
    for (int probe = 0; probe < 200; ++probe) {
      const IpAddress a = address(family());
      ASSERT_EQ(t.find(a), longest_match(IpPrefix(a, address_bits(a.family())))) << to_text(a);
    }
  }
}

// (a) every address within the scope has the same class; (b) no shorter prefix around the address has that property.
TEST_F(RandomTables, ScopesAreExact) {
  for (int round = 0; round < 600; ++round) {
    make_rows(24, round % 3 == 0 ? 2 : 8, round % 2 ? 64 : 128);
    const PrefixTable t(rows);
    for (int probe = 0; probe < 100; ++probe) {
      const IpAddress a = address(family());
      const PrefixTable::Match match = t.match(a);
      ASSERT_TRUE(uniform(IpPrefix(a, match.scope), match.value)) << to_text(a) << "/" << int{match.scope};
      if (match.scope > 0) {
        ASSERT_FALSE(uniform(IpPrefix(a, match.scope - 1u), match.value)) << to_text(a) << "/" << int{match.scope};
      }
    }
  }
}

// (c) A resolver that keeps each answer for the network of the lesser of SOURCE and SCOPE (RFC 7871 7.3.1) never
// gives a client another answer than the server would have.
TEST_F(RandomTables, CachesNeverMixClients) {
  for (int round = 0; round < 300; ++round) {
    make_rows(24, 3);
    const PrefixTable t(rows);
    const Family of = family();
    const auto source = static_cast<unsigned>(1 + random() % address_bits(of));
    std::vector<std::pair<IpPrefix, PrefixTable::Class>> cache;
    for (int probe = 0; probe < 200; ++probe) {
      const IpPrefix client(address(of), source);
      const PrefixTable::Match match = t.match(client.address(), source);
      ASSERT_EQ(match.value, longest_match(client)) << to_text(client);
      for (const auto& [network, value] : cache) {
        if (network.contains(client)) {
          ASSERT_EQ(value, match.value) << to_text(client) << " of " << to_text(network);
        }
      }
      cache.emplace_back(IpPrefix(client.address(), std::min<unsigned>(source, match.scope)), match.value);
    }
  }
}

}  // namespace
}  // namespace dnsd
