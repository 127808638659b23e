#include "dnsd/control/feed_keeper.h"

#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "temporary_folder.h"

namespace dnsd {
namespace {

const Instant now = *parse_instant("2026-11-21T00:00:00Z");

std::vector<PinnedSet> sets(const char* prefix) {
  PinnedEntry entry;
  entry.cidr = *IpPrefix::parse(prefix);
  entry.addresses = {entry.cidr.address()};
  entry.published = *parse_date_or_instant("2025-12-01");
  entry.enabled = *parse_date_or_instant("2026-01-01");
  PinnedSet set;
  set.name = "proxy";
  set.entries = {entry};
  return {set};
}

TEST(FeedKeeper, SerialOutlivesTheProcess) {
  const testing::TemporaryFolder folder;
  {
    FeedKeeper keeper(folder / "feed.json", nullptr);
    ASSERT_TRUE(keeper.restore());
    ASSERT_TRUE(keeper.update(sets("192.0.2.1/32"), now));
    EXPECT_EQ(keeper.stamp()->serial, 1u);
    ASSERT_TRUE(keeper.update(sets("192.0.2.2/32"), now));
    EXPECT_EQ(keeper.stamp()->serial, 2u);
  }
  FeedKeeper keeper(folder / "feed.json", nullptr);
  ASSERT_TRUE(keeper.restore());
  ASSERT_TRUE(keeper.update(sets("192.0.2.2/32"), now));
  EXPECT_EQ(keeper.stamp()->serial, 2u);
}

TEST(FeedKeeper, DamagedStampIsRefused) {
  const testing::TemporaryFolder folder;
  folder.write("feed.json", "{\"serial\": ");
  FeedKeeper keeper(folder / "feed.json", nullptr);
  const Status restored = keeper.restore();
  ASSERT_FALSE(restored);
  EXPECT_EQ(restored.failure().message.find(folder / "feed.json"), 0u) << restored.failure().message;
}

TEST(FeedKeeper, SerialDoesNotRiseBeforeItIsOnDisk) {
  const testing::TemporaryFolder folder;
  FeedKeeper keeper(folder / "missing/feed.json", nullptr);
  const Status updated = keeper.update(sets("192.0.2.1/32"), now);
  ASSERT_FALSE(updated);
  EXPECT_FALSE(keeper.stamp());
  std::filesystem::create_directory(folder / "missing");
  EXPECT_TRUE(keeper.update(sets("192.0.2.1/32"), now));
  EXPECT_EQ(keeper.stamp()->serial, 1u);
}

}  // namespace
}  // namespace dnsd
