// What a disk, a backup or a hand can do to a ledger. Each is detected, or harmless: what is read is what was
// written.
#include <grp.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <functional>

#include "dnsd/sqlite/database.h"
#include "ledgers.h"

namespace dnsd {
namespace {

using testing::Ledgers;
namespace fs = std::filesystem;

class LedgerFaults : public Ledgers {
 protected:
  // As somebody who knows SQLite would.
  void meddle(const char* sql) const {
    Result<std::unique_ptr<Database>> database = Database::open(path, Database::Access::write, "");
    ASSERT_TRUE(database);
    const Status status = (*database)->run(sql);
    ASSERT_TRUE(status) << status.failure().message;
  }

  // In a child of its own, which this process outlives.
  static int in_child(const std::function<bool()>& passes) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(passes() ? 0 : 1);
    int status = -1;
    ::waitpid(child, &status, 0);
    return status;
  }

  // Of an ordinary user, whom modes bind.
  static bool drop_root() {
    return ::geteuid() != 0 || (::setgroups(0, nullptr) == 0 && ::setgid(65534) == 0 && ::setuid(65534) == 0);
  }
};

TEST_F(LedgerFaults, CutShortAtAnyLength) {
  fill(1, 60);
  const std::string whole = content(path);
  ASSERT_GT(whole.size(), 3u * 4096);
  for (size_t length = 0; length < whole.size(); length += length < 600 ? 1 : 97) {
    set(path, whole.substr(0, length));
    for (const Access access : {Access::read, Access::write}) {
      const std::string message = refusal(access);
      ASSERT_NE(message, "") << length << " octets";
      ASSERT_TRUE(message.ends_with(backup_or_rebuild)) << length << " octets: " << message;
    }
  }
  set(path, whole.substr(0, whole.size() - 1));
  EXPECT_NE(refusal(), "");
  set(path, whole);
  EXPECT_EQ(refusal(), "");
}

TEST_F(LedgerFaults, OneBitInAnyOctet) {
  fill(1, 40);
  const std::string whole = content(path);
  const std::vector<std::string> right = numbered(1, 40);
  size_t detected = 0, harmless = 0;
  for (size_t at = 0; at < whole.size(); at += at < 200 ? 1 : 5) {
    std::string spoilt = whole;
    spoilt[at] = static_cast<char>(spoilt[at] ^ 1 << at % 8);
    set(path, spoilt);
    const Result<LedgerFile> ledger = LedgerFile::open(path, Access::read);
    if (ledger) {
      ASSERT_EQ(ledger->bodies(), right) << "bit " << at % 8 << " of octet " << at;
      ++harmless;
    } else {
      ASSERT_NE(ledger.failure().message.find("; "), std::string::npos) << ledger.failure().message;
      ++detected;
    }
  }
  // Each bit of a record matters; what is harmless is room that is free.
  size_t octets = 0;
  for (const std::string& body : right) octets += 2 * 64 + body.size();
  EXPECT_GT(detected, octets / 5 * 95 / 100) << harmless << " were harmless";
}

TEST_F(LedgerFaults, OneBitInTheWitness) {
  fill(1, 3);
  const std::string whole = content(head);
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string spoilt = whole;
    spoilt[at] = static_cast<char>(spoilt[at] ^ 1 << at % 8);
    set(head, spoilt);
    const std::string message = refusal(Access::write);
    EXPECT_TRUE(message.ends_with("from published snapshots") || at == whole.size() - 1)
        << "octet " << at << " (all but the newline matter): " << message;
  }
}

TEST_F(LedgerFaults, RolledBack) {
  fill(1, 5);
  const std::string backup = content(path);
  fill(6, 8);
  set(path, backup);
  const std::string expected =
      path + ": rolled back: it ends with record 5, and " + head + " tells of record 8" + backup_or_rebuild;
  EXPECT_EQ(refusal(Access::read), expected);
  EXPECT_EQ(refusal(Access::write), expected);
}

TEST_F(LedgerFaults, RolledBackAndGoneOnFromThere) {
  fill(1, 5);
  const std::string backup = content(path), backup_head = content(head);
  fill(6, 8);
  const std::string newest = content(head);
  set(path, backup);
  set(head, backup_head);
  fill(16, 19);
  set(head, newest);
  EXPECT_EQ(refusal(), path + ": rolled back and gone on from there: its record 8 is another than " + head +
                           " tells of" + backup_or_rebuild);
}

TEST_F(LedgerFaults, Gone) {
  fill(1, 5);
  fs::remove(path);
  const std::string expected = path + ": the ledger is gone: " + head + " tells of 5 records" + backup_or_rebuild;
  EXPECT_EQ(refusal(Access::read), expected);
  EXPECT_EQ(refusal(Access::write), expected);
  EXPECT_FALSE(fs::exists(path)) << "a new one would be taken for a first start";
  set(path, "");
  EXPECT_EQ(refusal(Access::write), expected);
}

TEST_F(LedgerFaults, WithoutItsWitness) {
  fill(1, 5);
  fs::remove(head);
  EXPECT_EQ(refusal(Access::read), "") << "reading harms nobody";
  EXPECT_EQ(refusal(Access::write),
            head + ": missing, and without it nobody can tell whether the last of the 5 records in " + path +
                " is the last there was" + backup_or_rebuild);
}

TEST_F(LedgerFaults, NoDatabase) {
  set(path, "a text that somebody has put here\n");
  EXPECT_EQ(refusal(), path + ": damaged (file is not a database)" + backup_or_rebuild);
  fs::remove(path);
  fs::create_directory(path);
  EXPECT_NE(refusal(), "");
}

TEST_F(LedgerFaults, TheDatabaseOfAnotherProgram) {
  meddle("CREATE TABLE records (seq INTEGER PRIMARY KEY, previous TEXT, hash TEXT, body TEXT)");
  EXPECT_EQ(refusal(Access::write), path + ": a database, but no ledger" + backup_or_rebuild);
}

TEST_F(LedgerFaults, OfANewerFormat) {
  fill(1, 2);
  meddle("PRAGMA user_version = 2");
  EXPECT_EQ(refusal(),
            path + ": a ledger of format 2, and this program knows 1; use the dnsd that wrote it, or a newer one");
}

TEST_F(LedgerFaults, AHole) {
  fill(1, 5);
  meddle("DELETE FROM records WHERE seq = 3");
  EXPECT_EQ(refusal(), path + ": record 3 is missing" + backup_or_rebuild);
}

TEST_F(LedgerFaults, AChangedRecord) {
  fill(1, 5);
  meddle("UPDATE records SET body = 'another' WHERE seq = 2");
  EXPECT_EQ(refusal(), path + ": record 2 was changed: the chain of hashes is broken" + backup_or_rebuild);
}

TEST_F(LedgerFaults, ATriggerThatSomebodyAdded) {
  fill(1, 5);
  meddle("CREATE TRIGGER t AFTER INSERT ON records BEGIN DELETE FROM records WHERE seq = 1; END");
  EXPECT_EQ(refusal(), path + ": damaged: not the table of a ledger" + backup_or_rebuild);
}

// The modes bind everybody but root.
TEST_F(LedgerFaults, AReadOnlyFileCanBeReadAndNotWritten) {
  fill(1, 5);
  ASSERT_EQ(::chmod(folder.path().c_str(), 0777), 0);
  ASSERT_EQ(::chmod(path.c_str(), 0444), 0);
  EXPECT_EQ(in_child([&] {
              return drop_root() && refusal(Access::read).empty() &&
                     refusal(Access::write)
                             .find(path +
                                   ": may not be written; give the file and its folder to the user "
                                   "of this program (chown, chmod)") == 0;
            }),
            0);
}

TEST_F(LedgerFaults, AReadOnlyFolderCanBeReadAndNotWritten) {
  fill(1, 5);
  ASSERT_EQ(::chmod(path.c_str(), 0666), 0);
  ASSERT_EQ(::chmod(folder.path().c_str(), 0555), 0);
  EXPECT_EQ(in_child([&] {
              return drop_root() && refusal(Access::read).empty() &&
                     refusal(Access::write).find(": may not be written; ") != std::string::npos;
            }),
            0);
  ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
}

TEST_F(LedgerFaults, AFileThatMayNotBeReadIsNamed) {
  fill(1, 5);
  ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod(path.c_str(), 0000), 0);
  EXPECT_EQ(in_child([&] { return drop_root() && refusal(Access::read).find(path + ": may not be") == 0; }), 0);
}

// As on a full disk. What was there stays, and once there is room it goes on.
TEST_F(LedgerFaults, NoRoom) {
  fill(1, 5);
  const int outcome = in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    Result<LedgerFile> ledger = LedgerFile::open(path, Access::write);
    struct rlimit limit {};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    const struct rlimit before = limit;
    limit.rlim_cur = fs::file_size(path) + 4096;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const std::vector<std::string> large = {std::string(20'000, 'x')};
    const Status refused = ledger->append(large);
    if (refused || refused.failure().message.find("make room on its disk, raise") == std::string::npos) return false;
    if (ledger->size() != 5 || LedgerFile::open(path, Access::read)->bodies() != numbered(1, 5)) return false;
    if (!ledger->append(numbered(6, 6))) return false;  // there is room for this one
    ::setrlimit(RLIMIT_FSIZE, &before);
    return ledger->append(large) && ledger->size() == 7;
  });
  EXPECT_EQ(outcome, 0);
  EXPECT_EQ(LedgerFile::open(path, Access::read)->size(), 7u);
}

// The default file system of SQLite, whose disk fails right after a journal was deleted: the moment of the commit.
class FailingDisk {
 public:
  FailingDisk() : good_(sqlite3_vfs_find(nullptr)), failing_(*good_) {
    failing_.zName = "failing";
    failing_.xDelete = [](sqlite3_vfs*, const char* path, int sync) {
      sqlite3_vfs* const good = sqlite3_vfs_find("unix");
      const int code = good->xDelete(good, path, sync);
      return code == SQLITE_OK ? SQLITE_IOERR_DIR_FSYNC : code;
    };
    sqlite3_vfs_register(&failing_, 1);
  }
  ~FailingDisk() {
    sqlite3_vfs_register(good_, 1);
    sqlite3_vfs_unregister(&failing_);
  }

 private:
  sqlite3_vfs* good_;
  sqlite3_vfs failing_;
};

TEST_F(LedgerFaults, ADiskThatFailsAtTheVeryEndLeavesNoDoubtUnsaid) {
  fill(1, 5);
  {
    const FailingDisk disk;
    Result<LedgerFile> ledger = LedgerFile::open(path, Access::write);
    ASSERT_TRUE(ledger);
    const Status status = ledger->append(numbered(6, 6));
    ASSERT_FALSE(status);
    EXPECT_NE(status.failure().message.find("cannot be written"), std::string::npos) << status.failure().message;
    EXPECT_EQ(ledger->size(), 5u);
    const Status next = ledger->append(numbered(6, 6));
    ASSERT_FALSE(next);
    EXPECT_EQ(next.failure().message,
              path + ": the disk failed in a write, which may be there or not; restart dnsd, which looks");
  }
  fill(7, 7);
  EXPECT_EQ(LedgerFile::open(path, Access::read)->bodies(), numbered(1, 7)) << "here it was there";
}

}  // namespace
}  // namespace dnsd
