#include "tools/zone_edit/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/atomic_file.h"

namespace dnsd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Instant now = *parse_instant("2026-11-21T00:00:00Z");
const std::string folder = TEST_DIRECTORY "/zone_edit/data/";

struct Piece {
  std::string file, old, fresh;
};

// The data of these tests with pieces of files replaced.
DataDirectory directory(const std::vector<Piece>& pieces) {
  std::map<std::string, std::string> overlay;
  for (const Piece& piece : pieces) {
    std::string& text = overlay[folder + piece.file];
    if (text.empty()) text = *read_file(folder + piece.file);
    const size_t at = text.find(piece.old);
    EXPECT_NE(at, std::string::npos) << piece.old;
    text.replace(at, piece.old.size(), piece.fresh);
  }
  Loader loader;
  loader.set_overlay(overlay);
  Diagnostics defects;
  std::optional<DataDirectory> loaded = loader.load(folder + "dnsd.yaml", now, defects);
  EXPECT_TRUE(loaded) << to_text(defects);
  return std::move(*loaded);
}
DataDirectory directory() { return directory(std::vector<Piece>()); }
DataDirectory directory(const std::string& file, const std::string& old, const std::string& fresh) {
  return directory({{file, old, fresh}});
}

ReplayResult replayed(const DataDirectory& served, const DataDirectory& edited, const std::string& log) {
  Result<Replay> replay = Replay::make(served, edited, now);
  EXPECT_TRUE(replay);
  const QueryLogSummary summary = read_query_log(log, "log", [&](const LoggedQuery& query) { replay->take(query); });
  EXPECT_EQ(summary.defects, 0u);
  return replay->result();
}

const std::string zone_yaml = "zones/example.com.yaml", zone_file = "zones/example.com.zone";
const std::string log =
    "10 192.0.2.201 street.example.com A\n"
    "11 192.0.2.201 STREET.example.com A\n"
    "12 192.0.2.202 street.example.com A\n"
    "13 198.18.5.1 street.example.com A\n"  // a client of the set
    "14 192.0.2.202 www.example.com A\n"
    "15 192.0.2.202 nothing.example.com A\n"
    "16 192.0.2.202 www.example.org A\n";

std::vector<std::string> texts(const std::vector<IpAddress>& addresses) {
  std::vector<std::string> out;
  for (const IpAddress& address : addresses) out.push_back(to_text(address));
  return out;
}

TEST(Replay, NothingChanges) {
  const DataDirectory same = directory();
  for (const std::string rotation : {"window", "random", "sticky"}) {
    const DataDirectory other =
        directory(zone_yaml, "    cap: 4\n", "    cap: 4\n    rotation: " + rotation + "\n");
    const ReplayResult result = replayed(other, other, log);
    EXPECT_EQ(result.queries, 7u);
    EXPECT_EQ(result.unchanged_queries, 7u);
    EXPECT_EQ(result.clients, 3u);
    EXPECT_EQ(result.unchanged_clients, 3u);
    EXPECT_THAT(result.groups, IsEmpty());
  }
  EXPECT_EQ(replayed(same, same, log).first, Instant{10});
  EXPECT_EQ(replayed(same, same, log).last, Instant{16});
}

TEST(Replay, AMemberLeaves) {
  const ReplayResult result = replayed(
      directory(), directory(zone_yaml, "198.51.100.2, site: ewr}", "198.51.100.2, site: ewr, state: out}"), log);
  ASSERT_EQ(result.groups.size(), 1u);
  const ChangeGroup& group = result.groups[0];
  EXPECT_THAT(group.what, ElementsAre("other addresses in the pool 'street' of example.com."));
  EXPECT_THAT(texts(group.vanish), ElementsAre("198.51.100.2"));
  EXPECT_THAT(group.appear, IsEmpty());
  EXPECT_EQ(group.queries, 3u);
  EXPECT_EQ(group.clients, 2u);
  ASSERT_EQ(group.names.size(), 1u);
  EXPECT_EQ(group.names[0].name, "street.example.com. A");
  EXPECT_EQ(group.busiest[0].network, "192.0.2.201");
  EXPECT_EQ(group.busiest[0].queries, 2u);
  EXPECT_EQ(result.unchanged_clients, 1u);
}

TEST(Replay, AClientMovesFromTheSetToThePool) {
  const ReplayResult result =
      replayed(directory(), directory(zone_yaml, "{pool: street, pinned: proxy}", "{pool: street}"), log);
  ASSERT_EQ(result.groups.size(), 1u);
  EXPECT_THAT(result.groups[0].what,
              ElementsAre("moves from the set 'proxy' to the pool 'street' of example.com.", "TTL 300 becomes 60"));
  EXPECT_EQ(result.groups[0].queries, 1u);
  EXPECT_THAT(texts(result.groups[0].vanish), ElementsAre("192.0.2.9", "192.0.2.10", "192.0.2.77"));
}

// page-1 to page-2 of six members, two families; the log asks for what is beyond the rules' own names.
TEST(Replay, PagesAreComparedByTheirRecords) {
  const std::string pages = "{pool: street, pinned: proxy, pages: true}", old = "{pool: street, pinned: proxy}";
  const DataDirectory before = directory(zone_yaml, old, pages);
  const DataDirectory after = directory({{zone_yaml, old, pages},
                                         {zone_yaml, "{address: 198.51.100.7}", "{address: 198.51.100.7, state: drain}"}});
  const std::string asked =
      "10 192.0.2.1 page-1.street.example.com A\n"
      "11 192.0.2.1 page-2.street.example.com A\n"
      "12 198.18.5.1 page-2.street.example.com A\n"
      "13 192.0.2.1 pages.street.example.com TXT\n";
  EXPECT_EQ(replayed(before, before, asked).unchanged_queries, 4u);
  const ReplayResult result = replayed(before, after, asked);
  EXPECT_EQ(result.unchanged_queries, 1u) << "page-1 is as it was";
  ASSERT_EQ(result.groups.size(), 2u);
  EXPECT_EQ(result.groups[0].what, std::vector<std::string>{"no longer: page-2.street.example.com. 60 IN A 198.51.100.7"});
  EXPECT_EQ(result.groups[0].queries, 2u);
}

TEST(Replay, NamesAndRecords) {
  const ReplayResult gone = replayed(directory(zone_file, "www", "web"), directory(),
                                     "1 192.0.2.1 www.example.com A\n1 192.0.2.1 web.example.com A\n");
  std::vector<std::string> what;
  for (const ChangeGroup& group : gone.groups) what.push_back(group.what.at(0));
  EXPECT_THAT(what, testing::UnorderedElementsAre("the name is new", "the name is gone"));
}

TEST(Replay, StickyClientsAreComparedOneByOne) {
  const std::vector<Piece> sticky = {
      {zone_yaml, ", pinned: proxy}", "}"},
      {zone_yaml, "    cap: 4\n", "    cap: 2\n    rotation: sticky\n"},
      {zone_yaml, "198.51.100.2, site: ewr}", "198.51.100.2}"}};
  std::vector<Piece> before = sticky, after = sticky;
  before.push_back({zone_yaml, "198.51.100.1, site: dfw, weight: 1}", "198.51.100.1, weight: 2}"});
  after.push_back({zone_yaml, "198.51.100.1, site: dfw, weight: 1}", "198.51.100.1, weight: 2, state: out}"});
  const DataDirectory served = directory(before), edited = directory(after);
  std::string clients;
  for (int i = 0; i < 200; ++i) clients += "1 10.0." + std::to_string(i) + ".1 street.example.com A\n";
  const ReplayResult result = replayed(served, edited, clients);
  ASSERT_EQ(result.groups.size(), 1u);
  EXPECT_THAT(result.groups[0].what,
              ElementsAre("other addresses of the pool 'street' of example.com. for these clients"));
  EXPECT_GT(result.unchanged_clients, 40u);  // weight 2 of 6, two in an answer: two thirds held it
  EXPECT_LT(result.unchanged_clients, 100u);
  EXPECT_THAT(texts(result.groups[0].vanish), testing::Contains("198.51.100.1"));
}

TEST(Replay, ThePolicyOfAPoolChanges) {
  const ReplayResult result =
      replayed(directory(), directory(zone_yaml, "    cap: 4\n", "    cap: 4\n    rotation: random\n"), log);
  EXPECT_THAT(result.groups, IsEmpty());  // the same addresses can come
}

}  // namespace
}  // namespace dnsd
