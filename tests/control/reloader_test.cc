#include "dnsd/control/reloader.h"

#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace dnsd {
namespace {

const Instant now = *parse_instant("2026-11-21T00:00:00Z");

class Reloading : public ::testing::Test {
 protected:
  Reloading() { testing::write_data_directory(folder); }

  testing::TemporaryFolder folder;
  Publisher publisher;
  Reloader reloader{folder / "dnsd.yaml", NameHash(1, 2), publisher};
  Publisher::Reader reader{publisher};
};

TEST_F(Reloading, FirstGenerationIsOne) {
  const ReloadReport& report = reloader.reload(now);
  EXPECT_TRUE(report.ok) << to_text(report.diagnostics);
  EXPECT_EQ(report.generation, 1u);
  EXPECT_EQ(reader.read()->generation, 1u);
}

TEST_F(Reloading, DefectKeepsWhatIsServed) {
  reloader.reload(now);
  folder.write("zones/a.zone", "broken");
  const ReloadReport& report = reloader.reload(now);
  EXPECT_FALSE(report.ok);
  EXPECT_EQ(report.generation, 1u);
  EXPECT_TRUE(report.diagnostics.has_errors());
  EXPECT_EQ(reader.read()->generation, 1u);
  ASSERT_TRUE(reloader.data());
  EXPECT_EQ(reloader.data()->zones.size(), 1u);
}

TEST_F(Reloading, NothingIsServedBeforeTheFirstGoodLoad) {
  folder.write("zones/a.zone", "broken");
  EXPECT_EQ(reloader.reload(now).generation, 0u);
  EXPECT_EQ(reloader.data(), nullptr);
  EXPECT_FALSE(reader.read());
}

TEST_F(Reloading, StartupSettingsNeedARestart) {
  reloader.reload(now);
  folder.write("dnsd.yaml", "listen: [127.0.0.1:5301]\nworkers: 3\n");
  const ReloadReport& report = reloader.reload(now);
  EXPECT_TRUE(report.ok);
  ASSERT_EQ(report.diagnostics.warnings(), 2u);
  EXPECT_EQ(report.diagnostics.all()[0].message, "'listen' changed: it takes effect at the next start");
}

TEST_F(Reloading, ScheduleMovesOn) {
  folder.write("pinned_ips/proxy.yaml",
               "set: proxy\nentries:\n  - {cidr: 192.0.2.9/32, published: 2025-12-01, enabled: 2026-01-01}\n"
               "  - {cidr: 203.0.113.7/32, published: 2026-11-01, enabled: 2026-12-24}\n");
  reloader.reload(now);
  const Instant change = *parse_instant("2026-12-24T12:00:00Z");
  EXPECT_EQ(reloader.next_change(now), change);
  ASSERT_TRUE(reloader.refresh(change));
  EXPECT_EQ(reloader.generation(), 2u);
  EXPECT_EQ(reader.read()->generation, 2u);
  EXPECT_EQ(reader.read()->pinned[0]->periods.size(), 1u);
  EXPECT_EQ(reloader.next_change(change), std::nullopt);
}

}  // namespace
}  // namespace dnsd
