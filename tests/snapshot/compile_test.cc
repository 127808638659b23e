#include "dnsd/snapshot/compile.h"

#include <gtest/gtest.h>

#include "granted.h"
#include "zones/zone_file.h"

namespace dnsd {
namespace {

const NameHash hash_of(1, 2);
const Instant now = *parse_instant("2026-11-21T00:00:00Z");

std::shared_ptr<const Zone> zone(const char* origin) {
  Diagnostics diagnostics;
  const ZoneFileOptions options{
      .path = "test.zone", .shown_path = {}, .origin = *Name::parse(origin), .names_elsewhere = {}};
  auto read = read_zone_text(
      "$TTL 60\n@ SOA ns h 1 7200 900 1209600 300\n@ NS ns\nns A 192.0.2.1\n", options,
      [](const std::string&) { return Failure{"none"}; }, diagnostics);
  EXPECT_TRUE(read) << to_text(diagnostics);
  return std::make_shared<const Zone>(std::move(*read));
}

PoolDefinition pool(const char* name, int members, unsigned cap = 8) {
  PoolDefinition p;
  p.name = name;
  p.cap = cap;
  for (int i = 0; i < members; ++i) {
    PoolMember m;
    m.address = IpAddress::v4({198, 51, 100, static_cast<uint8_t>(i)});
    p.members.push_back(m);
  }
  return p;
}

NameRule rule(const char* owner, std::optional<std::string> pool_name, std::optional<std::string> set = {}) {
  NameRule r;
  r.owner = *Name::parse(owner);
  r.pool = std::move(pool_name);
  if (set) r.pinned = {{*set, {}}};
  return r;
}

std::unique_ptr<Snapshot> compile(const SnapshotInput& input, const Snapshot* previous, CompiledZoneCache& cache) {
  auto snapshot = compile_snapshot(input, hash_of, now, previous ? previous->generation + 1 : 1, previous, cache);
  EXPECT_TRUE(snapshot);
  return std::move(*snapshot);
}

TEST(Compile, RingHasARecordOfEachMemberAndTheListOfAnswers) {
  CompiledZoneCache cache;
  const auto snapshot =
      compile({{{zone("example.org."), {pool("p", 5, 3)}, {rule("x.example.org.", "p")}}}, {}, {}}, nullptr, cache);
  const Ring& ring = snapshot->zones[0].shapes[0].pool->rings[0];
  EXPECT_EQ(ring.members.size(), 5u);
  EXPECT_EQ(ring.records.size(), 5 * 16u);
  EXPECT_EQ(ring.list.rows, 5u);
  EXPECT_EQ(ring.list.take, 3u);
  EXPECT_EQ(ring.list.picks.size(), 15u);
  EXPECT_EQ(snapshot->zones[0].shapes[0].pool->rings[1].list.rows, 0u);
}

TEST(Compile, UnchangedPoolIsCompiledOnce) {
  CompiledZoneCache cache;
  const auto z = zone("example.org.");
  const std::vector<NameRule> rules = {rule("x.example.org.", "a"), rule("y.example.org.", "b")};
  const auto first = compile({{{z, {pool("a", 9), pool("b", 9)}, rules}}, {}, {}}, nullptr, cache);
  const auto second = compile({{{z, {pool("a", 9), pool("b", 8)}, rules}}, {}, {}}, first.get(), cache);
  EXPECT_EQ(first->zones[0].shapes[0].pool, second->zones[0].shapes[0].pool);
  EXPECT_NE(first->zones[0].shapes[1].pool, second->zones[0].shapes[1].pool);
  PoolDefinition longer = pool("a", 9);
  longer.ttl = 61;
  const auto third = compile({{{z, {longer, pool("b", 8)}, rules}}, {}, {}}, second.get(), cache);
  EXPECT_NE(second->zones[0].shapes[0].pool, third->zones[0].shapes[0].pool);
}

TEST(Compile, PoolsKeepTheirCursorsAcrossSnapshots) {
  CompiledZoneCache cache;
  const auto z = zone("example.org.");
  const auto first = compile({{{z, {pool("a", 3), pool("b", 3)}, {}}}, {}, {}}, nullptr, cache);
  const uint32_t b = first->slot_of_pool.at("example.org. b");
  const auto second = compile({{{z, {pool("c", 3), pool("b", 4)}, {}}}, {}, {}}, first.get(), cache);
  EXPECT_EQ(second->slot_of_pool.at("example.org. b"), b);
  EXPECT_NE(second->slot_of_pool.at("example.org. c"), b);
  EXPECT_EQ(second->rotation_slots, first->rotation_slots);  // c took the place of a
}

TEST(Compile, UnchangedZoneIsCompiledOnce) {
  CompiledZoneCache cache;
  const auto z = zone("example.org.");
  const auto first = compile({{{z, {pool("a", 3)}, {rule("x.example.org.", "a")}}}, {}, {}}, nullptr, cache);
  const auto second = compile({{{z, {pool("a", 9)}, {rule("x.example.org.", "a")}}}, {}, {}}, first.get(), cache);
  EXPECT_EQ(first->zones[0].zone, second->zones[0].zone);
  const auto third = compile({{{z, {pool("a", 9)}, {rule("y.example.org.", "a")}}}, {}, {}}, second.get(), cache);
  EXPECT_NE(second->zones[0].zone, third->zones[0].zone);
}

TEST(Compile, PinnedPeriodsFollowTheTimeline) {
  PinnedSet set;
  set.name = "s";
  PinnedEntry always, later;
  always.cidr = *IpPrefix::parse("192.0.2.1/32");
  always.addresses = {*IpAddress::parse("192.0.2.1")};
  always.enabled = *parse_date_or_instant("2026-01-01");
  later = always;
  later.cidr = *IpPrefix::parse("192.0.2.2/32");
  later.addresses = {*IpAddress::parse("192.0.2.2")};
  later.enabled = *parse_date_or_instant("2026-12-24");
  set.entries = {always, later};
  const std::vector<PromisedSet> promised = testing::granted({set}, now);
  const PinnedAnswers answers = compile_pinned(set, promised.data(), now);
  ASSERT_EQ(answers.periods.size(), 2u);
  EXPECT_EQ(answers.periods[0].until, *parse_instant("2026-12-24T12:00:00Z"));
  EXPECT_EQ(answers.at(now).records[0].count, 1u);
  EXPECT_EQ(answers.at(*parse_instant("2026-12-24T11:59:59Z")).records[0].count, 1u);
  EXPECT_EQ(answers.at(*parse_instant("2026-12-24T12:00:00Z")).records[0].count, 2u);
  EXPECT_EQ(answers.at(*parse_instant("2099-01-01T00:00:00Z")).records[0].count, 2u);
}

TEST(ZoneIndex, FindsExactApexesOnly) {
  ZoneIndex index;
  index.reset(5);
  ZoneId id = 0;
  const Name apexes[] = {*Name::parse("org."), *Name::parse("example.org."), *Name::parse("a.b.example.org."),
                         *Name::parse("example.net."), *Name::parse(".")};
  for (const Name& apex : apexes) index.add(apex, id++, hash_of);
  const auto find = [&](const char* text) {
    const Name n = *Name::parse(text);
    return index.find(n.view().wire(), n.view().label_count(), hash_of);
  };
  EXPECT_EQ(find("org."), 0u);
  EXPECT_EQ(find("example.org."), 1u);
  EXPECT_EQ(find("a.b.example.org."), 2u);
  EXPECT_EQ(find("example.net."), 3u);
  EXPECT_EQ(find("."), 4u);
  for (const char* other : {"net.", "b.example.org.", "example.com.", "c.b.example.org.", "a.b.c.d.org."})
    EXPECT_EQ(find(other), no_zone) << other;
  EXPECT_EQ(index.fewest_labels(), 0u);
  EXPECT_EQ(index.most_labels(), 4u);
}

}  // namespace
}  // namespace dnsd
