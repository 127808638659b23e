#include "base/atomic_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace dnsd {
namespace {

namespace fs = std::filesystem;

class AtomicFile : public testing::Test {
 protected:
  AtomicFile() {
    std::string pattern = testing::TempDir() + "atomic_file.XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~AtomicFile() override {
    std::error_code ignored;
    fs::permissions(folder_, fs::perms::owner_all, ignored);
    fs::remove_all(folder_, ignored);
  }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  void write(const std::string& name, const std::string& content) const { std::ofstream(path(name)) << content; }
  std::string content(const std::string& name) const {
    const Result<std::string> read = read_file(path(name));
    return read ? *read : "(" + read.failure().message + ")";
  }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(folder_)) all.push_back(entry.path().filename());
    std::sort(all.begin(), all.end());
    return all;
  }
  unsigned mode(const std::string& name) const {
    struct stat info {};
    EXPECT_EQ(::lstat(path(name).c_str(), &info), 0);
    return info.st_mode & 07777;
  }

  std::string folder_;
};

TEST_F(AtomicFile, ReadsWhatIsThere) {
  const std::string binary("a\0b\r\n\xff", 6);
  write("file", binary);
  EXPECT_EQ(content("file"), binary);
  write("empty", "");
  EXPECT_EQ(content("empty"), "");
  const std::string large(3 << 20, 'x');
  write("large", large);
  EXPECT_EQ(content("large"), large);
}

TEST_F(AtomicFile, ReadFailsWithAReason) {
  EXPECT_EQ(content("missing"), "(cannot open " + path("missing") + ": No such file or directory)");
  EXPECT_EQ(content("."), "(cannot read " + path(".") + ": not a regular file)");
}

TEST_F(AtomicFile, ReadDoesNotWaitForAWriterOfAFifo) {
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  EXPECT_EQ(content("fifo"), "(cannot read " + path("fifo") + ": not a regular file)");
}

TEST_F(AtomicFile, ReadKeepsTheBound) {
  write("file", "12345");
  EXPECT_TRUE(read_file(path("file"), 5));
  EXPECT_EQ(read_file(path("file"), 4).failure().message, "cannot read " + path("file") + ": larger than 4 octets");
  write("sparse", "");
  fs::resize_file(path("sparse"), uint64_t{1} << 40);  // a terabyte of zeros must not be asked of the allocator
  EXPECT_FALSE(read_file(path("sparse")));
}

TEST_F(AtomicFile, CreatesAFileWithTheModeAskedFor) {
  const mode_t old = ::umask(022);
  EXPECT_TRUE(replace_file(path("file"), "new"));
  EXPECT_TRUE(replace_file(path("key"), "secret", 0600));
  ::umask(old);
  EXPECT_EQ(content("file"), "new");
  EXPECT_EQ(mode("file"), 0644u);
  EXPECT_EQ(mode("key"), 0600u);
}

TEST_F(AtomicFile, ReplacesTheContentAndKeepsTheMode) {
  write("file", "a longer old content");
  ASSERT_EQ(::chmod(path("file").c_str(), 0640), 0);
  EXPECT_TRUE(replace_file(path("file"), "new", 0666));
  EXPECT_EQ(content("file"), "new");
  EXPECT_EQ(mode("file"), 0640u);
  EXPECT_EQ(names(), std::vector<std::string>{"file"}) << "nothing is left beside it";
}

TEST_F(AtomicFile, KeepsTheOwner) {
  write("file", "old");
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(path("file").c_str(), 12345, 54321), 0);
  }
  struct stat before {}, after {};
  ASSERT_EQ(::stat(path("file").c_str(), &before), 0);
  EXPECT_TRUE(replace_file(path("file"), "new"));
  ASSERT_EQ(::stat(path("file").c_str(), &after), 0);
  EXPECT_EQ(after.st_uid, before.st_uid);
  EXPECT_EQ(after.st_gid, before.st_gid);
}

TEST_F(AtomicFile, AReaderWithTheOldFileOpenKeepsTheOldContent) {
  write("file", "old");
  std::ifstream reader(path("file"));
  EXPECT_TRUE(replace_file(path("file"), "new"));
  std::string seen;
  reader >> seen;
  EXPECT_EQ(seen, "old");
}

TEST_F(AtomicFile, FollowsASymbolicLink) {
  fs::create_directory(path("elsewhere"));
  write("elsewhere/file", "old");
  fs::create_symlink("elsewhere/file", path("link"));
  EXPECT_TRUE(replace_file(path("link"), "new"));
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(content("elsewhere/file"), "new");
}

TEST_F(AtomicFile, ALinkToNothingIsRefused) {
  fs::create_symlink("gone", path("link"));
  const Status status = replace_file(path("link"), "new");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.failure().message, "cannot replace " + path("link") + ": the symbolic link leads nowhere");
  EXPECT_TRUE(fs::is_symlink(path("link")));
}

TEST_F(AtomicFile, AFailureLeavesTheOldAndNothingElse) {
  fs::create_directory(path("folder"));
  write("folder/inside", "x");
  const Status status = replace_file(path("folder"), "new");
  ASSERT_FALSE(status);
  EXPECT_NE(status.failure().message.find(path("folder") + ": Is a directory"), std::string::npos)
      << status.failure().message;
  EXPECT_EQ(names(), std::vector<std::string>{"folder"});
  EXPECT_EQ(replace_file(path("no/file"), "new").failure().message.find("cannot create " + path("no/file")), 0u);
}

// In a child of its own, since a limit on the size of files cannot be raised again.
TEST_F(AtomicFile, AFullDiskLeavesTheOld) {
  write("file", "old");
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit limit { 1000, 1000 };
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(2);
    const Status status = replace_file(path("file"), std::string(5000, 'x'));
    ::_exit(!status && status.failure().message.find("cannot write") == 0 ? 0 : 1);
  }
  int outcome = -1;
  ASSERT_EQ(::waitpid(child, &outcome, 0), child);
  EXPECT_EQ(outcome, 0);
  EXPECT_EQ(content("file"), "old");
  EXPECT_EQ(names(), std::vector<std::string>{"file"});
}

TEST_F(AtomicFile, ReadersSeeOneOrTheOther) {
  const std::string a(100'000, 'a'), b(100'000, 'b');
  ASSERT_TRUE(replace_file(path("file"), a));
  bool whole = true;
  std::thread reader([&] {
    for (int i = 0; i < 200; ++i) {
      const std::string seen = content("file");
      whole = whole && (seen == a || seen == b);
    }
  });
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(replace_file(path("file"), i % 2 ? a : b));
  reader.join();
  EXPECT_TRUE(whole);
}

// What a child process sees of a lock: 0 it got it, 1 somebody holds it.
int try_lock_in_child(const std::string& path) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(FileLock::take(path, FileLock::Wait::no) ? 0 : 1);
  int status = -1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(AtomicFile, ALockKeepsOtherProcessesOut) {
  {
    const Result<FileLock> lock = FileLock::take(path("lock"), FileLock::Wait::no);
    ASSERT_TRUE(lock);
    EXPECT_EQ(try_lock_in_child(path("lock")), 1);
    const Result<FileLock> second = FileLock::take(path("lock"), FileLock::Wait::no);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.failure().message, "another process holds the lock " + path("lock"));
  }
  EXPECT_EQ(try_lock_in_child(path("lock")), 0);
}

TEST_F(AtomicFile, ALockMoves) {
  Result<FileLock> first = FileLock::take(path("lock"), FileLock::Wait::no);
  ASSERT_TRUE(first);
  {
    const FileLock moved = std::move(*first);
    EXPECT_EQ(try_lock_in_child(path("lock")), 1);
  }
  EXPECT_EQ(try_lock_in_child(path("lock")), 0);
  Result<FileLock> again = FileLock::take(path("lock"), FileLock::Wait::no);
  Result<FileLock> other = FileLock::take(path("other"), FileLock::Wait::no);
  ASSERT_TRUE(again && other);
  *again = std::move(*other);
  EXPECT_EQ(try_lock_in_child(path("other")), 1);
}

TEST_F(AtomicFile, WaitingForALockEndsWhenItsHolderDies) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const Result<FileLock> lock = FileLock::take(path("lock"), FileLock::Wait::yes);
    const char held = lock ? 'y' : 'n';
    if (::write(ready[1], &held, 1) != 1) ::_exit(2);
    ::usleep(100'000);
    ::kill(::getpid(), SIGKILL);
  }
  char held = 0;
  ASSERT_EQ(::read(ready[0], &held, 1), 1);
  EXPECT_EQ(held, 'y');
  EXPECT_FALSE(FileLock::take(path("lock"), FileLock::Wait::no));
  EXPECT_TRUE(FileLock::take(path("lock"), FileLock::Wait::yes));
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(AtomicFile, ALockThatCannotBeOpenedFails) {
  const Result<FileLock> lock = FileLock::take(path("no/lock"), FileLock::Wait::yes);
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.failure().message, "cannot open the lock " + path("no/lock") + ": No such file or directory");
}

}  // namespace
}  // namespace dnsd
