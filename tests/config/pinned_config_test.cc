#include "dnsd/config/pinned_config.h"

#include <gmock/gmock.h>

#include "loading.h"

namespace dnsd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

PinnedSet good(std::string_view text) {
  Diagnostics diagnostics;
  std::optional<PinnedSet> set = parse_pinned_set(text, "pinned_ips/f.yaml", diagnostics);
  EXPECT_EQ(to_text(diagnostics), "");
  return set.value_or(PinnedSet());
}

const std::string head = "set: proxy\nentries:\n";

std::string entry(const std::string& rest) { return "  - {" + rest + "}\n"; }

TEST(PinnedConfig, ReadsASet) {
  const PinnedSet set = good(
      "set: proxy\n"
      "ttl: 10m\n"
      "notice: 30d\n"
      "entries:\n"
      "  - cidr: 192.0.2.8/29\n"
      "    facility: dfw-1\n"
      "    reason: moved\n"
      "    enabled: 2026-01-01T15:00:00Z\n"
      "    retired: 2026-12-01\n"
      "    addresses: [192.0.2.9, 192.0.2.10]\n"
      "clients:\n"
      "  - {name: acme-bank, sources: [198.18.5.0/24, \"2001:db8:10::/48\", 198.18.6.1]}\n");
  EXPECT_EQ(set.name, "proxy");
  EXPECT_EQ(set.ttl, 600u);
  EXPECT_EQ(set.policy.notice, days(30));
  EXPECT_EQ(set.place.column, 6u);
  ASSERT_EQ(set.entries.size(), 1u);
  const PinnedEntry& first = set.entries[0];
  EXPECT_EQ(to_text(first.cidr), "192.0.2.8/29");
  EXPECT_EQ(first.facility, "dfw-1");
  EXPECT_EQ(first.reason, "moved");
  EXPECT_EQ(to_text(first.enabled), "2026-01-01T15:00:00Z");
  EXPECT_EQ(to_text(first.retired.value()), "2026-12-01");
  EXPECT_THAT(first.addresses, ElementsAre(*IpAddress::parse("192.0.2.9"), *IpAddress::parse("192.0.2.10")));
  EXPECT_EQ(first.place.line, 5u);
  EXPECT_EQ(first.enabled_place.line, 8u);
  EXPECT_EQ(first.retired_place.line, 9u);
  ASSERT_EQ(set.clients.size(), 1u);
  EXPECT_EQ(set.clients[0].name, "acme-bank");
  EXPECT_EQ(to_text(set.clients[0].sources[1].prefix), "2001:db8:10::/48");
  EXPECT_EQ(to_text(set.clients[0].sources[2].prefix), "198.18.6.1/32");
  EXPECT_EQ(set.clients[0].sources[1].column, 48u);
  EXPECT_EQ(to_line({Severity::error, set.clients[0].place_of(set.clients[0].sources[1]), "x", {}}),
            set.clients[0].place.file + ":" + std::to_string(set.clients[0].place.line) + ":48: error: x");
}

TEST(PinnedConfig, HasDefaults) {
  const PinnedSet set = good(head + entry("cidr: 192.0.2.1/32, enabled: 2026-01-01"));
  EXPECT_EQ(set.ttl, 300u);
  EXPECT_EQ(set.policy, PinnedPolicy());
  EXPECT_TRUE(set.clients.empty());
  EXPECT_FALSE(set.entries[0].retired);
}

TEST(PinnedConfig, ALoneAddressStandsForItselfAndAPrefixIsAStandby) {
  const PinnedSet set = good(head + entry("cidr: 192.0.2.1/32, enabled: 2026-01-01") +
                             entry("cidr: \"2001:db8::1\", enabled: 2026-01-01") +
                             entry("cidr: 192.0.2.8/29, enabled: 2026-01-01") +
                             entry("cidr: 192.0.2.16/29, enabled: 2026-01-01, addresses: []"));
  EXPECT_THAT(set.entries[0].addresses, ElementsAre(*IpAddress::parse("192.0.2.1")));
  EXPECT_THAT(set.entries[1].addresses, ElementsAre(*IpAddress::parse("2001:db8::1")));
  EXPECT_THAT(set.entries[2].addresses, IsEmpty());
  EXPECT_THAT(set.entries[3].addresses, IsEmpty());
}

TEST(PinnedConfig, ReadsThePolicyAndWhatWasDoneToEntries) {
  const PinnedSet set = good(
      "set: proxy\nnotice: 20d\nquarantine: 100d\nretention: 1000d\nallow_waiver: true\nmin_standby: 1\n"
      "max_entries: {ipv4: 32, ipv6: 8}\nout: [192.0.2.1]\nentries:\n" +
      entry("cidr: 192.0.2.1/32, enabled: 2026-01-01, cancelled: true") +
      entry("cidr: 192.0.2.2/32, enabled: 2026-01-01, revoked: true, reason: lost") +
      entry("cidr: 192.0.2.3/32, enabled: 2026-01-01, waived: true, standby: [192.0.2.3]"));
  const PinnedPolicy policy{days(20), days(100), days(1000), {32, 8}, true};
  EXPECT_EQ(set.policy, policy);
  EXPECT_EQ(set.min_standby, 1u);
  EXPECT_THAT(set.out, ElementsAre(*IpAddress::parse("192.0.2.1")));
  EXPECT_TRUE(set.entries[0].cancelled);
  EXPECT_TRUE(set.entries[1].revoked);
  EXPECT_TRUE(set.entries[2].waived);
  EXPECT_THAT(set.entries[2].addresses, IsEmpty());  // a lone address that is a standby is not in service
  EXPECT_THAT(set.entries[2].standby, ElementsAre(*IpAddress::parse("192.0.2.3")));
}

TEST(PinnedConfig, PublishedIsNoLongerWrittenByHand) {
  EXPECT_THAT(testing::defects(parse_pinned_set,
                               head + entry("cidr: 192.0.2.1/32, published: 2025-12-01, enabled: 2026-01-01")),
              HasSubstr("3:37: error: published: is not written here, the ledger knows since when"));
}

TEST(PinnedConfig, NestedClientPrefixesAreFine) {
  EXPECT_EQ(good(head + entry("cidr: 192.0.2.1/32, enabled: 2026-01-01") +
                 "clients:\n  - {name: a, sources: [198.18.0.0/16, 198.18.5.0/24]}\n").clients[0].sources.size(), 2u);
}

TEST(PinnedConfig, ReadsTheExample) {
  Diagnostics diagnostics;
  EXPECT_TRUE(read_pinned_set(SOURCE_DIRECTORY "/examples/pinned_ips/proxy.yaml", diagnostics));
  EXPECT_EQ(to_text(diagnostics), "");
}

}  // namespace
}  // namespace dnsd
