#include "dnsd/loading/data_directory.h"

#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace dnsd {
namespace {

const Instant now = *parse_instant("2026-11-21T00:00:00Z");

class Loading : public ::testing::Test {
 protected:
  Loading() { testing::write_data_directory(folder); }

  std::optional<DataDirectory> load() {
    diagnostics = {};
    return loader.load(folder / "dnsd.yaml", now, diagnostics);
  }
  // What is said, with the folder's own path left out.
  std::string said() {
    load();
    std::string text = to_text(diagnostics);
    for (size_t at; (at = text.find(folder.path() + "/")) != std::string::npos;)
      text.erase(at, folder.path().size() + 1);
    return text;
  }

  testing::TemporaryFolder folder;
  Loader loader;
  Diagnostics diagnostics;
};

TEST_F(Loading, GoodDirectoryIsSilent) {
  const auto data = load();
  ASSERT_TRUE(data) << to_text(diagnostics);
  EXPECT_TRUE(diagnostics.empty()) << to_text(diagnostics);
  ASSERT_EQ(data->zones.size(), 1u);
  EXPECT_EQ(data->zones[0].zone->size(), 4u);
  EXPECT_TRUE(data->find_zone(*Name::parse("A.example.")));
  EXPECT_FALSE(data->find_zone(*Name::parse("www.a.example.")));
  EXPECT_TRUE(data->find_set("proxy"));
}

TEST_F(Loading, UnchangedZoneIsNotReadAgain) {
  const auto first = load();
  const auto second = load();
  EXPECT_EQ(first->zones[0].zone, second->zones[0].zone);
  folder.write("zones/a.zone", "$TTL 300\n@ SOA ns1 host 2 7200 900 1209600 60\n@ NS ns1\nns1 A 192.0.2.1\n");
  const auto third = load();
  ASSERT_TRUE(third);
  EXPECT_NE(second->zones[0].zone, third->zones[0].zone);
}

TEST_F(Loading, ZoneOfAnUnchangedFileIsReadAgainWhenOtherNamesAreShaped) {
  const auto first = load();
  folder.write("zones/a.yaml", "zone: a.example\nrecords: a.zone\nnames:\n  proxy: {pinned: proxy}\n");
  const auto second = load();
  ASSERT_TRUE(second) << to_text(diagnostics);
  EXPECT_NE(first->zones[0].zone, second->zones[0].zone);
}

TEST_F(Loading, ZonesComeCompiledAndWithoutTheirRecords) {
  Loader compiling(Loader::TlsFilesAre::left_alone, NameHash(1, 2));
  const auto load_compiled = [&] { return compiling.load(folder / "dnsd.yaml", now, diagnostics); };
  const auto first = load_compiled();
  ASSERT_TRUE(first) << to_text(diagnostics);
  EXPECT_FALSE(first->zones[0].zone);
  EXPECT_EQ(first->zones[0].facts->record_count, 4u);
  ASSERT_TRUE(first->zones[0].compiled);
  EXPECT_EQ(first->zones[0].compiled->record_count(), 4u);
  EXPECT_EQ(load_compiled()->zones[0].compiled, first->zones[0].compiled);

  folder.write("zones/a.zone", "broken");
  EXPECT_FALSE(load_compiled());
  folder.write("zones/a.zone", "$TTL 300\n@ SOA ns1 host 2 7200 900 1209600 60\n@ NS ns1\nns1 A 192.0.2.1\n");
  const auto second = load_compiled();
  ASSERT_TRUE(second);
  EXPECT_NE(second->zones[0].compiled, first->zones[0].compiled);
  EXPECT_EQ(second->zones[0].compiled->record_count(), 3u);
}

// What a failed load read well is not read again, and its warnings are told each time.
TEST_F(Loading, WarningsOfUnchangedZonesAreToldAgain) {
  folder.write("zones/a.zone", "$TTL 300\n@ SOA ns1 host 0 7200 900 1209600 60\n@ NS ns1\nns1 A 192.0.2.1\n");
  const std::string text = said();
  EXPECT_NE(text.find("serial is 0"), std::string::npos) << text;
  EXPECT_EQ(said(), text);
}

TEST_F(Loading, ZoneThatIncludesIsReadAgainWhenAnyOfItsFilesChanged) {
  folder.write("zones/a.zone",
               "$TTL 300\n@ SOA ns1 host 2 7200 900 1209600 60\n@ NS ns1\nns1 A 192.0.2.1\n$INCLUDE more\n");
  folder.write("zones/more", "x A 192.0.2.3\n");
  ASSERT_EQ(load()->zones[0].zone->size(), 4u);
  EXPECT_FALSE(loader.changed());
  folder.write("zones/more", "x A 192.0.2.3\ny A 192.0.2.4\n");
  EXPECT_TRUE(loader.changed());
  const auto changed = load();
  EXPECT_EQ(changed->zones[0].zone->size(), 5u);
  EXPECT_EQ(load()->zones[0].zone, changed->zones[0].zone) << "none of its files changed";
  EXPECT_FALSE(loader.changed());
  folder.write("zones/more", "x A 192.0.2.3\n");
  EXPECT_TRUE(loader.changed()) << "files of zones that are not read are looked at, too";
  EXPECT_EQ(load()->zones[0].zone->size(), 4u);
}

TEST_F(Loading, KnowsWhatChanged) {
  EXPECT_TRUE(loader.changed());
  load();
  EXPECT_FALSE(loader.changed());
  folder.write("zones/b.yaml.swp", "an editor's");
  EXPECT_FALSE(loader.changed());
  folder.write("pinned_ips/other.yaml", "set: other\n");
  EXPECT_TRUE(loader.changed());
  load();
  EXPECT_FALSE(loader.changed()) << "what failed would fail again";
  folder.write("pinned_ips/other.yaml", "set: another\n");
  EXPECT_TRUE(loader.changed());
}

TEST_F(Loading, FoldersAreThoseOfItsFiles) {
  load();
  EXPECT_EQ(loader.folders(), (std::vector<std::string>{folder.path(), folder / "pinned_ips", folder / "zones"}));
}

TEST_F(Loading, WhoseWordAboutClientsIsTaken) {
  const auto settings = [&](const std::string& more) {
    folder.write("dnsd.yaml", "listen: [127.0.0.1:5300]\n" + more);
    const auto data = load();
    EXPECT_TRUE(data) << to_text(diagnostics);
    return data ? snapshot_input(*data).settings.client_subnet : ClientSubnetSettings{};
  };
  EXPECT_TRUE(settings("").used);
  EXPECT_FALSE(settings("").resolvers);
  EXPECT_FALSE(settings("client_subnet: {policy: ignore}\n").used);
  const ClientSubnetSettings some = settings("client_subnet: {resolvers: [192.0.2.0/25, \"2001:db8::/32\"]}\n");
  EXPECT_TRUE(some.used);
  ASSERT_TRUE(some.resolvers);
  const auto taken_from = [&](const char* address) {
    return some.resolvers->find(*IpAddress::parse(address)) != PrefixTable::no_class;
  };
  EXPECT_TRUE(taken_from("192.0.2.127"));
  EXPECT_FALSE(taken_from("192.0.2.128"));
  EXPECT_TRUE(taken_from("2001:db8:ffff::1"));
  EXPECT_FALSE(taken_from("2001:db9::1"));
}

TEST_F(Loading, MissingFolder) {
  std::filesystem::remove_all(folder / "pinned_ips");
  const std::string text = said();
  EXPECT_NE(text.find("cannot read the folder"), std::string::npos) << text;
}

TEST_F(Loading, ZoneTwice) {
  folder.write("zones/b.yaml", "zone: A.EXAMPLE.\nrecords: a.zone\n");
  EXPECT_EQ(said(),
            "zones/b.yaml:1:7: error: the zone A.EXAMPLE. is already defined at zones/a.yaml:1\n"
            "zone: A.EXAMPLE.\n"
            "      ^\n");
}

TEST_F(Loading, UnknownPoolAndSet) {
  folder.write("zones/a.yaml", "zone: a.example\nrecords: a.zone\nnames:\n  street: {pool: strete, pinned: proxi}\n");
  EXPECT_EQ(said(),
            "zones/a.yaml:4:18: error: there is no pool 'strete' in this file\n"
            "  street: {pool: strete, pinned: proxi}\n"
            "                 ^\n"
            "zones/a.yaml:4:34: error: there is no pinned set 'proxi' in the folder of pinned sets\n"
            "  street: {pool: strete, pinned: proxi}\n"
            "                                 ^\n");
}

TEST_F(Loading, SetTwice) {
  folder.write("pinned_ips/second.yaml",
               "set: proxy\nentries:\n  - {cidr: 203.0.113.1/32, enabled: 2026-01-01}\n");
  EXPECT_EQ(
      said(),
      "pinned_ips/second.yaml:1:6: error: the pinned set 'proxy' is already defined at pinned_ips/proxy.yaml:1\n"
      "set: proxy\n"
      "     ^\n");
}

TEST_F(Loading, UnusedPoolAndNobodyInService) {
  folder.write("zones/a.yaml",
               "zone: a.example\nrecords: a.zone\npools:\n  street:\n    members:\n"
               "      - {address: 198.51.100.1, state: out}\n");
  EXPECT_EQ(said(),
            "zones/a.yaml:4:3: warning: no name uses the pool 'street'\n"
            "  street:\n"
            "  ^\n"
            "zones/a.yaml:4:3: warning: no IPv4 member of the pool 'street' is in service: it answers nothing\n"
            "  street:\n"
            "  ^\n");
}

TEST_F(Loading, WeightsTooFineToBeExact) {
  std::string yaml = "zone: a.example\nrecords: a.zone\npools:\n  street:\n    cap: 20\n    members:\n";
  for (int i = 0; i < 500; ++i) {
    yaml += "      - {address: 198.18." + std::to_string(i / 250) + "." + std::to_string(i % 250) +
            ", weight: " + std::to_string(i < 499 ? 1 + i % 2 * 999 : 983) + "}\n";
  }
  folder.write("zones/a.yaml", yaml + "names:\n  street: {pool: street}\n");
  EXPECT_TRUE(said().starts_with("zones/a.yaml:4:3: warning: the weights of the IPv4 members of the pool 'street' are too "
                                 "fine to be kept exactly: a turn of its answers would be too long, so they are rounded to "
                                 "52428 answers"))
      << said();
}

TEST_F(Loading, AddressInTwoPools) {
  const std::string two =
      "zone: a.example\nrecords: a.zone\npools:\n"
      "  one: {members: [{address: 198.51.100.1}]}\n"
      "  two: {members: [{address: 198.51.100.1}]}\n"
      "names:\n  one: {pool: one}\n  two: {pool: two}\n";
  folder.write("zones/a.yaml", two);
  EXPECT_EQ(
      said(),
      "zones/a.yaml:5:19: error: 198.51.100.1 is already in the pool 'one' at zones/a.yaml:4; if both are meant to "
      "use it, say shares_with: [one] in the pool 'two'\n"
      "  two: {members: [{address: 198.51.100.1}]}\n"
      "                  ^\n");
}

TEST_F(Loading, AddressInTwoPoolsThatSayTheyShare) {
  folder.write("zones/a.yaml",
               "zone: a.example\nrecords: a.zone\npools:\n"
               "  one: {members: [{address: 198.51.100.1}]}\n"
               "  two: {shares_with: [one], members: [{address: 198.51.100.1}]}\n"
               "names:\n  one: {pool: one}\n  two: {pool: two}\n");
  EXPECT_EQ(said(), "");
}

TEST_F(Loading, AddressInAPoolAndAForeignSet) {
  folder.write("zones/a.yaml",
               "zone: a.example\nrecords: a.zone\npools:\n  one: {members: [{address: 192.0.2.9}]}\n"
               "names:\n  one: {pool: one}\n");
  EXPECT_EQ(said(),
            "zones/a.yaml:4:19: error: 192.0.2.9 is promised to the clients of the pinned set 'proxy' at "
            "pinned_ips/proxy.yaml:3, and no name has both this pool and that set\n"
            "  one: {members: [{address: 192.0.2.9}]}\n"
            "                  ^\n");
  folder.write("zones/a.yaml",
               "zone: a.example\nrecords: a.zone\npools:\n  one: {members: [{address: 192.0.2.9}]}\n"
               "names:\n  one: {pool: one, pinned: proxy}\n");
  EXPECT_EQ(said(), "");
}

TEST_F(Loading, PrefixInTwoSets) {
  folder.write(
      "pinned_ips/second.yaml",
      "set: second\nentries:\n  - {cidr: 192.0.2.8/29, addresses: [192.0.2.10], enabled: "
      "2026-01-01}\n");
  EXPECT_EQ(said(),
            "pinned_ips/second.yaml:3:5: error: 192.0.2.8/29 overlaps proxy-0001 (192.0.2.9/32) of the set 'proxy': one "
            "address serves one set\n"
            "  - {cidr: 192.0.2.8/29, addresses: [192.0.2.10], enabled: 2026-01-01}\n"
            "    ^\n");
}

TEST_F(Loading, AddressesInTheMasterFileAtAShapedName) {
  folder.write("zones/a.zone",
               "$TTL 300\n@ SOA ns1 host 1 7200 900 1209600 60\n@ NS ns1\nns1 A 192.0.2.1\nstreet A 192.0.2.2\n");
  EXPECT_EQ(said(),
            "zones/a.zone:5:1: error: A at street.a.example., whose addresses come from the rule at zones/a.yaml:11\n"
            "street A 192.0.2.2\n"
            "^\n");
}

TEST_F(Loading, ShapedNameBelowAZoneCut) {
  folder.write("zones/a.zone",
               "$TTL 300\n@ SOA ns1 host 1 7200 900 1209600 60\n@ NS ns1\nns1 A 192.0.2.1\nstreet NS ns1\n");
  EXPECT_NE(said().find(
                "zones/a.yaml:11:3: error: street.a.example. cannot be answered: street.a.example. has NS records at "
                "zones/a.zone:5\n"),
            std::string::npos)
      << said();
}

TEST_F(Loading, ShapedNamesOfASignedZoneAreReported) {
  const std::string signature = " 13 2 300 20360101000000 20260101000000 1 @ AQ==\n";
  folder.write("zones/a.zone",
               "$TTL 300\n@ SOA ns1 host 1 7200 900 1209600 60\n@ NS ns1\nns1 A 192.0.2.1\n@ RRSIG SOA" + signature +
                   "@ RRSIG NS" + signature + "ns1 RRSIG A" + signature);
  EXPECT_EQ(said(),
            "zones/a.yaml:11:3: warning: the addresses of street.a.example. are not signed, but its zone is: validating "
            "resolvers refuse them\n"
            "  street: {pool: street, pinned: proxy}\n"
            "  ^\n"
            "zones/a.yaml:12:3: warning: the addresses of proxy.a.example. are not signed, but its zone is: validating "
            "resolvers refuse them\n"
            "  proxy: {pinned: proxy}\n"
            "  ^\n");
}

TEST_F(Loading, PinnedSetBeyondTheCap) {
  folder.write(
      "pinned_ips/proxy.yaml",
      "set: proxy\nentries:\n"
      "  - {cidr: 192.0.2.8/29, enabled: 2026-01-01, addresses: [192.0.2.9, 192.0.2.10]}\n"
      "  - {cidr: 203.0.113.7/32, enabled: 2026-12-24}\n");
  EXPECT_EQ(
      said(),
      "zones/a.yaml:11:34: error: the pinned set 'proxy' comes to 3 IPv4 addresses, more than the cap of 2 of this "
      "name\n"
      "  street: {pool: street, pinned: proxy}\n"
      "                                 ^\n");
}

TEST_F(Loading, SetWithoutAnAddressNow) {
  folder.write("pinned_ips/proxy.yaml",
               "set: proxy\nentries:\n  - {cidr: 203.0.113.7/32, enabled: 2026-12-24}\n");
  EXPECT_EQ(
      said(),
      "pinned_ips/proxy.yaml:1:6: warning: the pinned set 'proxy' has no address in service now: its clients get "
      "nothing\n"
      "set: proxy\n"
      "     ^\n");
}

TEST_F(Loading, NoticeTooShort) {
  folder.write("pinned_ips/proxy.yaml",
               "set: proxy\nentries:\n  - {cidr: 192.0.2.9/32, enabled: 2026-01-01}\n"
               "  - {cidr: 203.0.113.7/32, enabled: 2026-12-01}\n");
  const std::string text = said();
  EXPECT_NE(text.find("pinned_ips/proxy.yaml:4:37: error: "), std::string::npos) << text;
  EXPECT_NE(text.find("2026-12-05"), std::string::npos) << text;
}

TEST_F(Loading, AllDefectsOfAllFilesInOneRun) {
  folder.write("dnsd.yaml", "listen: [127.0.0.1:5300]\nzoness: x\n");
  EXPECT_EQ(said(),
            "dnsd.yaml:2:1: error: unknown key 'zoness' in the server's configuration; did you mean 'zones'?\n"
            "zoness: x\n"
            "^\n");
  folder.write("dnsd.yaml", "listen: [127.0.0.1:5300]\n");
  folder.write("zones/a.yaml", "zone: a.example\nrecords: a.zone\nnames:\n  street: {poool: street}\n");
  folder.write("zones/a.zone",
               "$TTL 60\n@ SOA ns1 host 1 7200 900 1209600 60\n@ NS ns1\nns1 A 192.0.2.999\nwww B 1\n");
  folder.write("pinned_ips/proxy.yaml", "set: proxy\nentries: []\n");
  const std::string text = said();
  EXPECT_EQ(diagnostics.errors(), 5u) << text;
  for (const char* place : {"zones/a.yaml:4:", "zones/a.zone:4:", "zones/a.zone:5:", "pinned_ips/proxy.yaml:2:"})
    EXPECT_NE(text.find(place), std::string::npos) << place << " is missing in:\n" << text;
}

}  // namespace
}  // namespace dnsd
