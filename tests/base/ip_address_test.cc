#include "base/ip_address.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace dnsd {
namespace {

IpAddress address(std::string_view text) {
  const Result<IpAddress> parsed = IpAddress::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? *parsed : IpAddress();
}

IpPrefix prefix(std::string_view text) {
  const Result<IpPrefix> parsed = IpPrefix::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? *parsed : IpPrefix();
}

std::string prefix_failure(std::string_view text) {
  const Result<IpPrefix> parsed = IpPrefix::parse(text);
  return parsed ? "" : parsed.failure().message;
}

TEST(IpAddress, DefaultIsTheIpv4Wildcard) {
  EXPECT_EQ(to_text(IpAddress()), "0.0.0.0");
  EXPECT_EQ(IpAddress(), address("0.0.0.0"));
  EXPECT_NE(IpAddress(), address("::"));
}

TEST(IpAddress, OctetsAreInNetworkOrderAndOfTheFamilysSize) {
  const IpAddress v4 = IpAddress::v4({192, 0, 2, 1});
  EXPECT_EQ(std::vector<uint8_t>(v4.octets().begin(), v4.octets().end()), (std::vector<uint8_t>{192, 0, 2, 1}));
  const IpAddress v6 = address("2001:db8::1");
  EXPECT_EQ(v6.octets().size(), 16u);
  EXPECT_EQ(v6.octets()[0], 0x20);
  EXPECT_EQ(v6.octets()[15], 1);
  EXPECT_EQ(v6.family(), Family::ipv6);
}

TEST(IpAddress, TextIsCanonical) {
  const std::pair<const char*, const char*> cases[] = {
      {"192.0.2.255", "192.0.2.255"},
      {"255.255.255.255", "255.255.255.255"},
      // RFC 5952 4: lower case, no leading zeros, the longest run of zeros shortened, the first of equal ones.
      {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
      {"2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"0:0:0:0:0:0:0:0", "::"},
      {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
  };
  for (const auto& [in, out] : cases) EXPECT_EQ(to_text(address(in)), out);
}

TEST(IpAddress, RefusesWhatIsNoAddress) {
  using namespace std::string_view_literals;
  for (const std::string_view text :
       {""sv, " 192.0.2.1"sv, "192.0.2.1 "sv, "192.0.2"sv, "192.0.2.256"sv, "192.0.2.1.1"sv, "0300.0.2.1"sv,
        "192.0.2.010"sv, "0x7f.1"sv, "-1.0.0.0"sv, "2001:db8"sv, "2001:db8:::1"sv, "1:2:3:4:5:6:7:8:9"sv, "::12345"sv,
        "fe80::1%eth0"sv, "[::1]"sv, "192.0.2.1:53"sv, "localhost"sv, "192.0.2.1\0"sv, "::1\0x"sv, "1.2.3.4/32"sv}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
  EXPECT_EQ(IpAddress::parse("10.0.0.\t1").failure().message, "'10.0.0.\\x091' is not an IPv4 or IPv6 address");
}

TEST(IpAddress, BitsCountFromTheLeft) {
  const IpAddress v4 = address("128.0.0.1");
  EXPECT_TRUE(v4.bit(0));
  EXPECT_FALSE(v4.bit(1));
  EXPECT_TRUE(v4.bit(31));
  const IpAddress v6 = address("2001:db8::1");
  EXPECT_TRUE(v6.bit(2));
  EXPECT_TRUE(v6.bit(127));
  EXPECT_FALSE(v6.bit(126));
}

TEST(IpAddress, OnlyMappedAddressesAreUnmapped) {
  EXPECT_EQ(address("::ffff:192.0.2.1").unmapped(), address("192.0.2.1"));
  EXPECT_EQ(address("::ffff:0:0").unmapped(), address("0.0.0.0"));
  for (const char* other : {"192.0.2.1", "::192.0.2.1", "::fffe:192.0.2.1", "::ffff:0:192.0.2.1", "1::ffff:192.0.2.1",
                            "64:ff9b::192.0.2.1", "::"}) {
    EXPECT_EQ(address(other).unmapped(), address(other));
  }
}

TEST(IpAddress, LowBitsAreCleared) {
  EXPECT_EQ(address("255.255.255.255").with_low_bits_cleared(0), address("0.0.0.0"));
  EXPECT_EQ(address("255.255.255.255").with_low_bits_cleared(13), address("255.248.0.0"));
  EXPECT_EQ(address("255.255.255.255").with_low_bits_cleared(24), address("255.255.255.0"));
  EXPECT_EQ(address("192.0.2.1").with_low_bits_cleared(32), address("192.0.2.1"));
  EXPECT_EQ(address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").with_low_bits_cleared(57),
            address("ffff:ffff:ffff:ff80::"));
  EXPECT_EQ(address("::1").with_low_bits_cleared(127), address("::"));
  EXPECT_EQ(address("::1").with_low_bits_cleared(128), address("::1"));
}

TEST(IpAddress, OrderIsFamilyThenNumber) {
  std::vector<IpAddress> sorted;
  for (const char* text : {"::", "10.0.0.1", "2001:db8::", "9.255.255.255", "::1", "10.0.0.0", "192.0.2.1"}) {
    sorted.push_back(address(text));
  }
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::string> texts;
  for (const IpAddress& a : sorted) texts.push_back(to_text(a));
  EXPECT_EQ(texts, (std::vector<std::string>{"9.255.255.255", "10.0.0.0", "10.0.0.1", "192.0.2.1", "::", "::1",
                                             "2001:db8::"}));
}

TEST(IpPrefix, ParsesCanonicalForm) {
  for (const char* text : {"192.0.2.8/29", "0.0.0.0/0", "128.0.0.0/1", "192.0.2.1/32", "2001:db8::/32", "::/0",
                           "2001:db8::1/128", "2001:db8:0:ff80::/57"}) {
    EXPECT_EQ(to_text(prefix(text)), text);
  }
  EXPECT_EQ(to_text(prefix("2001:DB8:0::/48")), "2001:db8::/48");
}

TEST(IpPrefix, ALoneAddressIsAPrefixOfItself) {
  EXPECT_EQ(to_text(prefix("192.0.2.1")), "192.0.2.1/32");
  EXPECT_EQ(to_text(prefix("2001:db8::1")), "2001:db8::1/128");
  EXPECT_TRUE(prefix("192.0.2.1").is_single());
  EXPECT_TRUE(prefix("::/128").is_single());
  EXPECT_FALSE(prefix("192.0.2.0/31").is_single());
  EXPECT_FALSE(prefix("::/32").is_single());
}

TEST(IpPrefix, HostBitsAreRefusedWithTheWayOut) {
  EXPECT_EQ(prefix_failure("192.0.2.9/29"), "'192.0.2.9/29' has bits set beyond its length; the prefix is 192.0.2.8/29");
  EXPECT_EQ(prefix_failure("2001:db8::1/64"),
            "'2001:db8::1/64' has bits set beyond its length; the prefix is 2001:db8::/64");
  EXPECT_EQ(prefix_failure("0.0.0.1/0"), "'0.0.0.1/0' has bits set beyond its length; the prefix is 0.0.0.0/0");
}

TEST(IpPrefix, TheLengthIsChecked) {
  for (const char* text : {"192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "192.0.2.0/024", "192.0.2.0/24 ",
                           "192.0.2.0/24/1", "192.0.2.0/255.255.255.0", "192.0.2.0/18446744073709551640"}) {
    EXPECT_EQ(prefix_failure(text), "the prefix length is not a number from 0 to 32") << text;
  }
  EXPECT_EQ(prefix_failure("2001:db8::/129"), "the prefix length is not a number from 0 to 128");
  EXPECT_EQ(IpPrefix::parse("2001:db8::/129").failure().offset, 11u);
}

TEST(IpPrefix, TheAddressIsChecked) {
  EXPECT_EQ(prefix_failure("example/24"), "'example/24' is not a prefix such as 192.0.2.8/29 or 2001:db8::/32");
  for (const char* text : {"", "/", "/24", "192.0.2/24", " 192.0.2.0/24"}) EXPECT_NE(prefix_failure(text), "") << text;
}

TEST(IpPrefix, ConstructionClearsHostBits) {
  EXPECT_EQ(IpPrefix(address("192.0.2.77"), 24), prefix("192.0.2.0/24"));
  EXPECT_EQ(IpPrefix(address("2001:db8::77"), 0), prefix("::/0"));
  EXPECT_EQ(IpPrefix(), prefix("0.0.0.0/0"));
}

TEST(IpPrefix, ContainsAddresses) {
  const IpPrefix net = prefix("192.0.2.8/29");
  EXPECT_TRUE(net.contains(address("192.0.2.8")));
  EXPECT_TRUE(net.contains(address("192.0.2.15")));
  EXPECT_FALSE(net.contains(address("192.0.2.7")));
  EXPECT_FALSE(net.contains(address("192.0.2.16")));
  EXPECT_TRUE(prefix("0.0.0.0/0").contains(address("255.255.255.255")));
  EXPECT_FALSE(prefix("0.0.0.0/0").contains(address("::")));
  EXPECT_FALSE(prefix("::/0").contains(address("0.0.0.0")));
}

TEST(IpPrefix, ContainsAndOverlapsPrefixes) {
  const IpPrefix wide = prefix("198.18.0.0/15"), narrow = prefix("198.18.5.0/24"), beside = prefix("198.20.0.0/24");
  EXPECT_TRUE(wide.contains(narrow));
  EXPECT_TRUE(wide.contains(wide));
  EXPECT_FALSE(narrow.contains(wide));
  EXPECT_TRUE(narrow.overlaps(wide));
  EXPECT_TRUE(wide.overlaps(narrow));
  EXPECT_FALSE(wide.overlaps(beside));
  EXPECT_FALSE(prefix("::/0").overlaps(prefix("0.0.0.0/0")));
}

TEST(IpPrefix, OrderPutsAPrefixBeforeThoseInsideIt) {
  std::set<IpPrefix> sorted;
  for (const char* text : {"::/0", "10.1.0.0/16", "10.0.0.0/16", "10.0.0.0/8", "10.0.0.0/32", "0.0.0.0/0"}) {
    sorted.insert(prefix(text));
  }
  std::vector<std::string> texts;
  for (const IpPrefix& p : sorted) texts.push_back(to_text(p));
  EXPECT_EQ(texts, (std::vector<std::string>{"0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/32", "10.1.0.0/16",
                                             "::/0"}));
}

}  // namespace
}  // namespace dnsd
