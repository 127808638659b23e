#include "dnsd/control/file_watch.h"

#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "temporary_folder.h"

namespace dnsd {
namespace {

class Watching : public ::testing::Test {
 protected:
  ~Watching() override {
    watch.close();
    uv_run(&loop, UV_RUN_DEFAULT);
    EXPECT_EQ(uv_loop_close(&loop), 0);
  }
  static uv_loop_t* initialized(uv_loop_t* loop) {
    uv_loop_init(loop);
    return loop;
  }
  // Runs the loop until `calls` is what is wanted, and a little longer, to see that there are no more.
  void run(int wanted) {
    const uint64_t begin = uv_hrtime();
    while (calls < wanted && uv_hrtime() - begin < 5'000'000'000) uv_run(&loop, UV_RUN_NOWAIT);
    const uint64_t end = uv_hrtime();
    while (uv_hrtime() - end < 100'000'000) uv_run(&loop, UV_RUN_NOWAIT);
  }

  testing::TemporaryFolder folder;
  uv_loop_t loop{};
  int calls = 0;
  FileWatch watch{initialized(&loop), 20, [this] { ++calls; }};
};

TEST_F(Watching, SeesAtomicReplacesAndSaysItOnce) {
  folder.write("a", "1");
  EXPECT_TRUE(watch.watch({folder.path()}).empty());
  ASSERT_TRUE(replace_file(folder / "a", "2"));
  ASSERT_TRUE(replace_file(folder / "a", "3"));
  run(1);
  EXPECT_EQ(calls, 1);
  ASSERT_TRUE(replace_file(folder / "a", "4"));
  run(2);
  EXPECT_EQ(calls, 2);
}

TEST_F(Watching, NamesFoldersItCannotWatch) {
  EXPECT_EQ(watch.watch({folder / "none", folder.path()}), std::vector<std::string>{folder / "none"});
}

TEST_F(Watching, ForgetsFoldersThatAreNotWantedAnyMore) {
  watch.watch({folder.path()});
  watch.watch({});
  folder.write("a", "1");
  run(0);
  EXPECT_EQ(calls, 0);
}

}  // namespace
}  // namespace dnsd
