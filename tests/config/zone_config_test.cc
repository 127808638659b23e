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

TEST(ZoneConfig, ReadsOneSetOrAList) {
  const ZoneConfig config = good(
      "zone: example.net\nrecords: z\nnames:\n"
      "  one: {pinned: p}\n"
      "  list-of-one: {pinned: [p]}\n"
      "  three:\n"
      "    pool: a\n"
      "    pinned: [p, q,\n"
      "             r]\n");
  ASSERT_EQ(config.names.size(), 3u);
  EXPECT_TRUE(config.names[0].has_set("p"));
  ASSERT_EQ(config.names[1].pinned.size(), 1u);
  EXPECT_EQ(config.names[1].pinned[0].place.column, 26u);
  const std::vector<NameRule::Set>& sets = config.names[2].pinned;
  ASSERT_EQ(sets.size(), 3u);
  EXPECT_EQ(sets[0].name + sets[1].name + sets[2].name, "pqr");
  EXPECT_EQ(sets[2].place.line, 9u);
  EXPECT_EQ(sets[2].place.column, 14u);
  EXPECT_FALSE(config.names[2].has_set("s"));
}

TEST(ZoneConfig, ReadsPagesAndHints) {
  const ZoneConfig config = good(
      "zone: example.net\nrecords: z\nnames:\n"
      "  plain: {pool: a}\n"
      "  more: {pool: a, pages: true, hints: as-written}\n"
      "  said: {pool: a, pages: false, hints: follow}\n");
  EXPECT_FALSE(config.names[0].pages);
  EXPECT_EQ(config.names[0].hints, Hints::follow);
  EXPECT_TRUE(config.names[1].pages);
  EXPECT_EQ(config.names[1].pages_place.line, 5u);
  EXPECT_EQ(config.names[1].pages_place.column, 26u);
  EXPECT_EQ(config.names[1].hints, Hints::as_written);
  EXPECT_FALSE(config.names[2].pages);
  EXPECT_EQ(config.names[2].hints, Hints::follow);
}

// The pool `p` of a zone with these lines.
std::pair<PoolDefinition, std::string> pool_with(const std::string& lines) {
  Diagnostics diagnostics;
  const auto config = parse_zone_config(
      "zone: a\nrecords: z\npools:\n  p:\n    members: [{address: 192.0.2.1}]\n" + lines, "f.yaml", diagnostics);
  EXPECT_TRUE(config) << to_text(diagnostics);
  return {config ? config->pools.at(0) : PoolDefinition(), to_text(diagnostics)};
}

TEST(ZoneConfig, ReadsHowAnswersAreSpread) {
  EXPECT_EQ(pool_with("").first.spread, Spread::site);
  EXPECT_EQ(pool_with("    spread: site\n").first.spread, Spread::site);
  EXPECT_EQ(pool_with("    spread: none\n").first.spread, Spread::none);
}

TEST(ZoneConfig, ReadsWhoCountsAsOneClient) {
  EXPECT_EQ(pool_with("").first.sticky, (ClientNetwork{24, 56}));
  EXPECT_EQ(pool_with("    sticky: {}\n").first.sticky, (ClientNetwork{24, 56}));
  EXPECT_EQ(pool_with("    sticky: {ipv4: 1}\n").first.sticky, (ClientNetwork{1, 56}));
  EXPECT_EQ(pool_with("    sticky: {ipv6: 128}\n").first.sticky, (ClientNetwork{24, 128}));
  EXPECT_EQ(pool_with("    sticky: {ipv4: 32, ipv6: 48}\n").first.sticky, (ClientNetwork{32, 48}));
}

TEST(ZoneConfig, WarnsOfClientsThatNoRotationAsksFor) {
  for (const std::string_view policy : policy_names()) {
    const std::string rotation = "    rotation: " + std::string(policy) + "\n";
    EXPECT_EQ(pool_with(rotation).second, "");
    EXPECT_EQ(pool_with("    sticky: {ipv4: 20}\n" + rotation).second,
              policy == "sticky" ? ""
                                 : "f.yaml:6:13: warning: sticky: says which clients count as one, which matters to "
                                   "'rotation: sticky' only; this pool's rotation is " + std::string(policy) +
                                       "\n    sticky: {ipv4: 20}\n            ^\n");
  }
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
  std::string text = "zone: a\nrecords: z\npools:\n";
  for (unsigned i = 0; i < 2 * max_members; ++i) {
    if (i % max_members == 0) text += "  p" + std::to_string(i / max_members) + ":\n    members:\n";
    char line[100];
    std::snprintf(line, sizeof line, "      - {address: 10.%u.%u.%u, weight: 1, site: dfw}\n", i >> 16, i >> 8 & 255,
                  i & 255);
    text += line;
  }
  const auto begin = std::chrono::steady_clock::now();
  const ZoneConfig config = good(text);
  ASSERT_EQ(config.pools.size(), 2u);
  EXPECT_EQ(config.pools[1].members.size(), max_members);
  // Well below a second; many times that only where something became quadratic.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

}  // namespace
}  // namespace dnsd
