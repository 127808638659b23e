#include <filesystem>

#include "ledgers.h"

namespace dnsd {
namespace {

using testing::Ledgers;
namespace fs = std::filesystem;

class LedgerRebuildTest : public Ledgers {};

TEST_F(LedgerRebuildTest, ADamagedOneIsReplacedAndKept) {
  fill(1, 10);
  set(path, content(path).substr(0, 4096));
  ASSERT_NE(refusal(), "");
  const std::string damaged = content(path);
  const Status status = LedgerFile::rebuild(path, numbered(1, 4));
  ASSERT_TRUE(status) << status.failure().message;
  EXPECT_EQ(LedgerFile::open(path, Access::write)->bodies(), numbered(1, 4));
  EXPECT_EQ(content(path + ".old-1"), damaged);
  fill(5, 6);
  EXPECT_TRUE(LedgerFile::rebuild(path, numbered(1, 3)));
  EXPECT_EQ(LedgerFile::open(path, Access::read)->size(), 3u);
  EXPECT_TRUE(fs::exists(path + ".old-2"));
  for (const auto& entry : fs::directory_iterator(folder.path()))
    EXPECT_EQ(entry.path().string().find(".new"), std::string::npos) << entry.path();
}

TEST_F(LedgerRebuildTest, OneThatIsGoneIsMadeAnew) {
  fill(1, 10);
  fs::remove(path);
  ASSERT_NE(refusal(), "");
  EXPECT_TRUE(LedgerFile::rebuild(path, numbered(1, 10)));
  EXPECT_EQ(refusal(Access::write), "");
}

// SQLite would play it back into the new file.
TEST_F(LedgerRebuildTest, TheJournalOfTheOldOneGoesWithIt) {
  fill(1, 10);
  set(path + "-journal", "cut off");
  ASSERT_TRUE(LedgerFile::rebuild(path, numbered(1, 3)));
  EXPECT_FALSE(fs::exists(path + "-journal"));
  EXPECT_EQ(content(path + ".old-1-journal"), "cut off");
}

TEST_F(LedgerRebuildTest, NothingMakesNoLedger) {
  fill(1, 2);
  const Status status = LedgerFile::rebuild(path, {});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.failure().message, "no records to make " + path + " of; name a snapshot that has some");
  EXPECT_EQ(LedgerFile::open(path, Access::read)->size(), 2u);
}

}  // namespace
}  // namespace dnsd
