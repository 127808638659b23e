#include "dnsd/control/reloader.h"

#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace dnsd {
namespace {

const Instant now = *parse_instant("2026-11-21T00:00:00Z");

class Reloading : public ::testing::Test {
 protected:
  Reloading() {
    testing::write_data_directory(folder);
    std::filesystem::create_directory(folder / "state");
    auto opened = ContractKeeper::open(folder / "state");
    EXPECT_TRUE(opened);
    keeper = std::move(*opened);
    reloader.emplace(folder / "dnsd.yaml", NameHash(1, 2), publisher, *keeper, [this] { return CookieSecret{++drawn}; });
  }

  testing::TemporaryFolder folder;
  Publisher publisher;
  uint8_t drawn = 0;
  std::unique_ptr<ContractKeeper> keeper;
  std::optional<Reloader> reloader;
  Publisher::Reader reader{publisher};
};

TEST_F(Reloading, FirstGenerationIsOne) {
  const ReloadReport& report = reloader->reload(now);
  EXPECT_TRUE(report.ok) << to_text(report.diagnostics);
  EXPECT_EQ(report.generation, 1u);
  EXPECT_EQ(reader.read()->generation, 1u);
}

TEST_F(Reloading, DefectKeepsWhatIsServed) {
  reloader->reload(now);
  folder.write("zones/a.zone", "broken");
  const ReloadReport& report = reloader->reload(now);
  EXPECT_FALSE(report.ok);
  EXPECT_EQ(report.generation, 1u);
  EXPECT_TRUE(report.diagnostics.has_errors());
  EXPECT_EQ(reader.read()->generation, 1u);
  ASSERT_TRUE(reloader->data());
  EXPECT_EQ(reloader->data()->zones.size(), 1u);
}

TEST_F(Reloading, NothingIsServedBeforeTheFirstGoodLoad) {
  folder.write("zones/a.zone", "broken");
  EXPECT_EQ(reloader->reload(now).generation, 0u);
  EXPECT_EQ(reloader->data(), nullptr);
  EXPECT_FALSE(reader.read());
}

TEST_F(Reloading, StartupSettingsNeedARestart) {
  reloader->reload(now);
  folder.write("dnsd.yaml", "listen: [127.0.0.1:5301]\nworkers: 3\n");
  const ReloadReport& report = reloader->reload(now);
  EXPECT_TRUE(report.ok);
  ASSERT_EQ(report.diagnostics.warnings(), 2u);
  EXPECT_EQ(report.diagnostics.all()[0].message, "'listen' changed: it takes effect at the next start");
}

TEST_F(Reloading, OwnCookieSecretsAreRenewedEachDayAndTheLastOneStaysGood) {
  reloader->reload(now);
  EXPECT_EQ(reader.read()->settings.cookies.policy, CookiePolicy::answer);
  EXPECT_EQ(reader.read()->settings.cookies.secrets, std::vector{CookieSecret{1}});
  EXPECT_FALSE(reloader->cookie_secret_is_due(now + hours(23)));
  reloader->reload(now + hours(23));
  EXPECT_EQ(reader.read()->settings.cookies.secrets, std::vector{CookieSecret{1}});
  for (const uint8_t day : {uint8_t{1}, uint8_t{2}}) {
    EXPECT_TRUE(reloader->cookie_secret_is_due(now + days(day)));
    ASSERT_TRUE(reloader->refresh(now + days(day)));
    const uint8_t newest = static_cast<uint8_t>(day + 1);
    EXPECT_EQ(reader.read()->settings.cookies.secrets, (std::vector{CookieSecret{newest}, CookieSecret{day}}));
  }
}

TEST_F(Reloading, SharedCookieSecretsComeFromTheirFile) {
  folder.write("secrets", "000102030405060708090a0b0c0d0e0f\n");
  folder.write("dnsd.yaml", "listen: [127.0.0.1:5300]\ncookies: {policy: require, secrets: secrets}\n");
  EXPECT_TRUE(reloader->reload(now).ok);
  const CookieSecret shared{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  EXPECT_EQ(reader.read()->settings.cookies.policy, CookiePolicy::require);
  EXPECT_EQ(reader.read()->settings.cookies.secrets, std::vector{shared});
  EXPECT_FALSE(reloader->cookie_secret_is_due(now + days(2)));
  EXPECT_EQ(drawn, 0);

  folder.write("secrets", "0001\n");
  EXPECT_FALSE(reloader->reload(now).ok);
  EXPECT_EQ(reader.read()->settings.cookies.secrets, std::vector{shared});
}

TEST_F(Reloading, ScheduleMovesOn) {
  folder.write("pinned_ips/proxy.yaml",
               "set: proxy\nentries:\n  - {cidr: 192.0.2.9/32, enabled: 2026-01-01}\n"
               "  - {cidr: 203.0.113.7/32, enabled: 2026-12-24}\n");
  reloader->reload(now);
  const Instant change = *parse_instant("2026-12-24T12:00:00Z");
  EXPECT_EQ(reloader->next_change(now), change);
  ASSERT_TRUE(reloader->refresh(change));
  EXPECT_EQ(reloader->generation(), 2u);
  EXPECT_EQ(reader.read()->generation, 2u);
  EXPECT_EQ(reader.read()->pinned[0]->periods.size(), 1u);
  EXPECT_EQ(reloader->next_change(change), std::nullopt);
}

}  // namespace
}  // namespace dnsd
