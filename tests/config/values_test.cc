#include "dnsd/config/values.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

template <typename T>
std::string refusal(const Result<T>& result) {
  return result ? "accepted" : result.failure().message;
}

TEST(Values, NumbersAreDecimalAndInRange) {
  EXPECT_EQ(*number_value("0", 0, 1000), 0u);
  EXPECT_EQ(*number_value("1000", 0, 1000), 1000u);
  EXPECT_EQ(refusal(number_value("1001", 0, 1000)), "'1001' is not a number from 0 to 1000");
  EXPECT_EQ(refusal(number_value("0", 1, 20)), "'0' is not a number from 1 to 20");
  EXPECT_EQ(refusal(number_value("-1", 0, 20)), "'-1' is not a number from 0 to 20");
  EXPECT_EQ(refusal(number_value("1e3", 0, 2000)), "'1e3' is not a number from 0 to 2000");
  EXPECT_EQ(refusal(number_value("0x10", 0, 20)), "'0x10' is not a number from 0 to 20");
  EXPECT_EQ(refusal(number_value("010", 0, 20)), "'010' begins with 0, which some read as octal; write 10");
  EXPECT_EQ(refusal(number_value("000", 0, 20)), "'000' begins with 0, which some read as octal; write 0");
  EXPECT_EQ(refusal(number_value("", 0, 20)), "'' is not a number from 0 to 20");
}

TEST(Values, DurationsAndTtls) {
  EXPECT_EQ(*ttl_value("60"), 60u);
  EXPECT_EQ(*ttl_value("5m"), 300u);
  EXPECT_EQ(*ttl_value("0"), 0u);
  EXPECT_EQ(*ttl_value("1w"), 604800u);
  EXPECT_EQ(refusal(ttl_value("604801")), "'604801' is not within 0s to 7d");
  EXPECT_EQ(refusal(ttl_value("060")), "'060' begins with 0, which some read as octal; write 60");
  EXPECT_EQ(refusal(ttl_value("1x")), "'1x' is not a duration such as 14d, 1d12h or 300s");
  EXPECT_EQ(refusal(duration_value("500", {1}, {60})), "'500' is not within 1s to 1m");
}

TEST(Values, AddressesAndPrefixesAreWrittenInTheirOwnFamily) {
  EXPECT_EQ(to_text(*address_value("192.0.2.1")), "192.0.2.1");
  EXPECT_EQ(to_text(*address_value("2001:DB8::1")), "2001:db8::1");
  EXPECT_EQ(refusal(address_value("::ffff:192.0.2.1")),
            "'::ffff:192.0.2.1' is an IPv4 address in IPv6 form; write 192.0.2.1");
  EXPECT_EQ(refusal(address_value("192.0.2.01")), "'192.0.2.01' is not an IPv4 or IPv6 address");
  EXPECT_EQ(to_text(*prefix_value("192.0.2.8/29")), "192.0.2.8/29");
  EXPECT_EQ(refusal(prefix_value("::ffff:192.0.2.0/120")),
            "'::ffff:192.0.2.0/120' is an IPv4 prefix in IPv6 form; write 192.0.2.0/24");
}

TEST(Values, Endpoints) {
  const Result<Endpoint> v4 = endpoint_value("127.0.0.1:5300");
  ASSERT_TRUE(v4);
  EXPECT_EQ(to_text(v4->address), "127.0.0.1");
  EXPECT_EQ(v4->port, 5300);
  const Result<Endpoint> v6 = endpoint_value("[::1]:53");
  ASSERT_TRUE(v6);
  EXPECT_EQ(to_text(v6->address), "::1");
  EXPECT_EQ(v6->port, 53);
  EXPECT_EQ(refusal(endpoint_value("127.0.0.1")), "'127.0.0.1' has no port; write \"127.0.0.1:53\"");
  EXPECT_EQ(refusal(endpoint_value("::1")), "'::1' has no port; write \"[::1]:53\"");
  EXPECT_EQ(refusal(endpoint_value("2001:db8::1:53")), "'2001:db8::1:53' has no port; write \"[2001:db8::1:53]:53\"");
  EXPECT_EQ(refusal(endpoint_value("[::1]")), "'[::1]' has no port; write \"[::1]:53\"");
  EXPECT_EQ(refusal(endpoint_value("localhost")),
            "'localhost' is not an address with a port such as 127.0.0.1:53 or \"[::1]:53\"");
  EXPECT_EQ(refusal(endpoint_value("localhost:53")), "'localhost' is not an IPv4 or IPv6 address");
  EXPECT_EQ(refusal(endpoint_value("[127.0.0.1]:53")),
            "brackets are for IPv6 addresses, and those need them: 127.0.0.1:53 or \"[::1]:53\"");
  EXPECT_EQ(refusal(endpoint_value("127.0.0.1:0")), "port '0' is not a number from 1 to 65535");
  EXPECT_EQ(refusal(endpoint_value("127.0.0.1:65536")), "port '65536' is not a number from 1 to 65535");
  EXPECT_EQ(endpoint_value("127.0.0.1:65536").failure().offset, 10u);
  EXPECT_EQ(refusal(endpoint_value("")), "'' is not an address with a port such as 127.0.0.1:53 or \"[::1]:53\"");
  EXPECT_EQ(refusal(endpoint_value(":53")), "'' is not an IPv4 or IPv6 address");
  EXPECT_EQ(refusal(endpoint_value("]:53")),
            "']:53' is not an address with a port such as 127.0.0.1:53 or \"[::1]:53\"");
}

TEST(Values, NamesAndTexts) {
  EXPECT_EQ(*identifier_value("us-street_1.a"), "us-street_1.a");
  EXPECT_EQ(refusal(identifier_value("us street")), "'us street' is not a name of 1 to 63 letters, digits, '-', '_' or '.'");
  EXPECT_FALSE(identifier_value(""));
  EXPECT_FALSE(identifier_value(std::string(64, 'a')));
  EXPECT_EQ(*text_value("Dallas, Texas"), "Dallas, Texas");
  EXPECT_EQ(refusal(text_value("a\nb")), "a control character in 'a\\x0ab'");
  EXPECT_FALSE(text_value(""));
  EXPECT_FALSE(text_value(std::string(256, 'a')));
}

TEST(Values, PathsAreRelativeToTheFile) {
  EXPECT_EQ(*path_value("zones", "examples/dnsd.yaml"), "examples/zones");
  EXPECT_EQ(*path_value("zones", "dnsd.yaml"), "zones");
  EXPECT_EQ(*path_value("/etc/zones", "examples/dnsd.yaml"), "/etc/zones");
  EXPECT_EQ(refusal(path_value("", "dnsd.yaml")), "'' is not a path");
}

TEST(Values, BaseUrls) {
  for (const char* url :
       {"https://feed.example.com", "http://127.0.0.1:8053", "https://[2001:db8::1]:443", "https://e.com/a/b"})
    EXPECT_EQ(*base_url_value(url), url);
  EXPECT_EQ(refusal(base_url_value("feed.example.com")), "'feed.example.com' does not begin with https:// or http://");
  EXPECT_EQ(refusal(base_url_value("ftp://e.com")), "'ftp://e.com' does not begin with https:// or http://");
  EXPECT_EQ(refusal(base_url_value("https://e.com/")),
            "'https://e.com/' ends with '/', where paths are appended; leave it out");
  for (const char* none :
       {"https://?", "https://:443", "https://a b", "https://user@e.com", "https://e.com?x=1", "http://e.com#a"})
    EXPECT_EQ(refusal(base_url_value(none)), "'" + std::string(none) + "' has no host, as in https://feed.example.com");
  EXPECT_EQ(refusal(base_url_value("https://")), "'https://' ends with '/', where paths are appended; leave it out");
  EXPECT_EQ(refusal(base_url_value("https://e.com/a?x=1")),
            "'https://e.com/a?x=1' has more than a host and a path: no query, no fragment, no spaces");
  EXPECT_EQ(refusal(base_url_value("https://" + std::string(200, 'a'))), "longer than 200 octets");
}

TEST(Values, Words) {
  EXPECT_EQ(*word_value("drain", {"in", "drain", "out"}), 1u);
  EXPECT_EQ(refusal(word_value("drian", {"in", "drain", "out"})),
            "'drian' is not one of in, drain, out; did you mean 'drain'?");
  EXPECT_EQ(refusal(word_value("maintenance", {"in", "drain", "out"})), "'maintenance' is not one of in, drain, out");
}

}  // namespace
}  // namespace dnsd
