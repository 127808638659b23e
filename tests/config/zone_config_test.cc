#include "dnsd/config/zone_config.h"

#include <gmock/gmock.h>

#include <chrono>
#include <cstdio>

#include "dnsd/pools/policies.h"
#include "loading.h"

namespace dnsd {
namespace {

using ::testing::ElementsAre;

ZoneConfig good(std::string_view text) {
  Diagnostics diagnostics;
  std::optional<ZoneConfig> config = parse_zone_config(text, "etc/zones/f.yaml", diagnostics);
  EXPECT_EQ(to_text(diagnostics), "");
  return config.value_or(ZoneConfig());
}

TEST(ZoneConfig, APlainZoneIsAnOriginAndAFile) {
  const ZoneConfig config = good("zone: example.net\nrecords: example.net.zone\n");
  EXPECT_EQ(to_text(config.origin), "example.net.");
  EXPECT_EQ(config.records, "etc/zones/example.net.zone");
  EXPECT_EQ(config.file, "etc/zones/f.yaml");
  EXPECT_EQ(config.place.column, 7u);
  EXPECT_EQ(config.records_place.line, 2u);
  EXPECT_TRUE(config.pools.empty());
  EXPECT_TRUE(config.names.empty());
}

TEST(ZoneConfig, ReadsPools) {
  const ZoneConfig config = good(
      "zone: example.net\n"
      "records: z\n"
      "pools:\n"
      "  a:\n"
      "    members: [{address: 192.0.2.1}]\n"
      "  b:\n"
      "    ttl: 5m\n"
      "    cap: 20\n"
      "    rotation: random\n"
      "    shares_with: [a]\n"
      "    members:\n"
      "      - {address: 192.0.2.1, weight: 0, site: dfw, state: drain}\n"
      "      - address: \"2001:db8::1\"\n"
      "        weight: 1000\n"
      "        state: out\n");
  ASSERT_EQ(config.pools.size(), 2u);
  const PoolDefinition& a = config.pools[0];
  EXPECT_EQ(a.name, "a");
  EXPECT_EQ(a.ttl, 60u);
  EXPECT_EQ(a.cap, default_cap);
  EXPECT_EQ(a.rotation, "window");
  EXPECT_EQ(a.place.line, 4u);
  EXPECT_EQ(a.members[0].weight, 1u);
  EXPECT_EQ(a.members[0].state, MemberState::in);
  EXPECT_EQ(a.members[0].site, "");
  const PoolDefinition& b = config.pools[1];
  EXPECT_EQ(b.ttl, 300u);
  EXPECT_EQ(b.cap, 20u);
  EXPECT_EQ(b.rotation, "random");
  EXPECT_THAT(b.shares_with, ElementsAre("a"));
  ASSERT_EQ(b.members.size(), 2u);
  EXPECT_EQ(b.members[0].weight, 0u);
  EXPECT_EQ(b.members[0].site, "dfw");
  EXPECT_EQ(b.members[0].state, MemberState::drain);
  EXPECT_EQ(to_text(b.members[1].address), "2001:db8::1");
  EXPECT_EQ(b.members[1].weight, 1000u);
  EXPECT_EQ(b.members[1].state, MemberState::out);
  EXPECT_EQ(b.members[1].place.line, 13u);
  EXPECT_EQ(b.members[1].place.column, 9u);
}

TEST(ZoneConfig, ReadsNamesRelativeToTheZone) {
  const ZoneConfig config = good(
      "zone: Example.net.\n"
      "records: z\n"
      "names:\n"
      "  www: {pool: a}\n"
      "  \"@\": {pinned: p}\n"
      "  \"*.b\": {pool: a, pinned: p}\n"
      "  abs.example.NET.: {pool: a}\n");
  ASSERT_EQ(config.names.size(), 4u);
  EXPECT_EQ(to_text(config.names[0].owner), "www.Example.net.");
  EXPECT_EQ(config.names[0].pool, "a");
  EXPECT_TRUE(config.names[0].pinned.empty());
  EXPECT_EQ(config.names[0].pool_place.column, 15u);
  EXPECT_EQ(to_text(config.names[1].owner), "Example.net.");
  EXPECT_FALSE(config.names[1].pool);
  EXPECT_EQ(to_text(config.names[2].owner), "*.b.Example.net.");
  ASSERT_EQ(config.names[2].pinned.size(), 1u);
  EXPECT_EQ(config.names[2].pinned[0].name, "p");
  EXPECT_EQ(config.names[2].pinned[0].place.line, 6u);
  EXPECT_EQ(to_text(config.names[3].owner), "abs.example.NET.");
}

TEST(ZoneConfig, TakesEveryPolicyOfTheTable) {
  for (const std::string_view policy : policy_names()) {
    const ZoneConfig config = good("zone: a\nrecords: z\npools:\n  p:\n    rotation: " + std::string(policy) +
                                   "\n    members: [{address: 192.0.2.1}]\n");
    EXPECT_EQ(config.pools[0].rotation, policy);
  }
}

TEST(ZoneConfig, TheRootIsAZoneToo) { EXPECT_TRUE(good("zone: .\nrecords: z\n").origin.view().is_root()); }

TEST(ZoneConfig, ReadsTheExamples) {
  for (const char* name : {"api.example.com.yaml", "example.net.yaml"}) {
    Diagnostics diagnostics;
    const auto config = read_zone_config(std::string(SOURCE_DIRECTORY "/examples/zones/") + name, diagnostics);
    EXPECT_EQ(to_text(diagnostics), "");
    EXPECT_TRUE(config);
  }
}

TEST(ZoneConfig, LoadsManyMembersInTimeThatGrowsWithThem) {
  std::string text = "zone: a\nrecords: z\npools:\n  p:\n    members:\n";
  for (unsigned i = 0; i < 20'000; ++i) {
    char line[100];
    std::snprintf(line, sizeof line, "      - {address: 10.%u.%u.%u, weight: 1, site: dfw}\n", i >> 16, i >> 8 & 255,
                  i & 255);
    text += line;
  }
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(good(text).pools[0].members.size(), 20'000u);
  // Well below a second; many times that only where something became quadratic.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

}  // namespace
}  // namespace dnsd
