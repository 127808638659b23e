#include "dnsd/sqlite/database.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <filesystem>
#include <thread>

#include "temporary_folder.h"

namespace dnsd {
namespace {

class DatabaseTest : public ::testing::Test {
 protected:
  std::unique_ptr<Database> open(Database::Access access = Database::Access::write) const {
    Result<std::unique_ptr<Database>> database = Database::open(path, access, "delete it");
    EXPECT_TRUE(database) << database.failure().message;
    return database ? std::move(*database) : nullptr;
  }

  testing::TemporaryFolder folder;
  const std::string path = folder / "test.db";
};

TEST_F(DatabaseTest, IsSafeAtEachCommit) {
  const auto database = open();
  EXPECT_EQ(*database->text("PRAGMA journal_mode"), "delete");
  EXPECT_EQ(*database->number("PRAGMA synchronous"), 3) << "EXTRA";
}

TEST_F(DatabaseTest, StoresWhatItWasGiven) {
  const auto database = open();
  ASSERT_TRUE(database->run("CREATE TABLE t (n INTEGER NOT NULL, s TEXT NOT NULL) STRICT"));
  Result<Statement> insert = database->prepare("INSERT INTO t VALUES (?1, ?2)");
  ASSERT_TRUE(insert);
  const std::string binary("a\0b", 3);
  EXPECT_TRUE(insert->bind(1, int64_t{7}).bind(2, binary).run());
  EXPECT_TRUE(insert->bind(1, int64_t{8}).bind(2, std::string_view()).run());
  EXPECT_EQ(database->changed_rows(), 1);
  Result<Statement> select = database->prepare("SELECT n, s FROM t ORDER BY n");
  ASSERT_TRUE(select);
  ASSERT_TRUE(*select->step());
  EXPECT_EQ(select->number(0), 7);
  EXPECT_EQ(select->text(1), binary);
  ASSERT_TRUE(*select->step());
  EXPECT_EQ(select->text(1), "");
  EXPECT_FALSE(*select->step());
}

TEST_F(DatabaseTest, ATransactionIsUndoneUnlessCommitted) {
  const auto database = open();
  ASSERT_TRUE(database->run("CREATE TABLE t (n INTEGER)"));
  {
    Result<Transaction> transaction = Transaction::begin(*database, Transaction::Kind::write);
    ASSERT_TRUE(transaction);
    ASSERT_TRUE(database->run("INSERT INTO t VALUES (1)"));
  }
  EXPECT_EQ(*database->number("SELECT count(*) FROM t"), 0);
  {
    Result<Transaction> transaction = Transaction::begin(*database, Transaction::Kind::write);
    ASSERT_TRUE(transaction);
    ASSERT_TRUE(database->run("INSERT INTO t VALUES (1)"));
    ASSERT_TRUE(transaction->commit());
  }
  EXPECT_EQ(*database->number("SELECT count(*) FROM t"), 1);
}

TEST_F(DatabaseTest, AReaderReadsBesideAWriterAndCannotWrite) {
  const auto writer = open();
  ASSERT_TRUE(writer->run("CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (5)"));
  const auto reader = open(Database::Access::read);
  EXPECT_EQ(*reader->number("SELECT n FROM t"), 5);
  const Status status = reader->run("INSERT INTO t VALUES (6)");
  ASSERT_FALSE(status);
  EXPECT_NE(status.failure().message.find("may not be written"), std::string::npos) << status.failure().message;
}

TEST_F(DatabaseTest, TheSecondWriterWaitsForTheFirst) {
  const auto first = open();
  const auto second = open();
  ASSERT_TRUE(first->run("CREATE TABLE t (n INTEGER)"));
  Result<Transaction> transaction = Transaction::begin(*first, Transaction::Kind::write);
  ASSERT_TRUE(transaction && first->run("INSERT INTO t VALUES (1)"));
  Status written = Failure{"not run"};
  std::thread other([&] { written = second->run("INSERT INTO t VALUES (2)"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_TRUE(transaction->commit());
  other.join();
  EXPECT_TRUE(written) << written.failure().message;
  EXPECT_EQ(*first->number("SELECT count(*) FROM t"), 2);
}

TEST_F(DatabaseTest, AFileThatIsNoDatabaseSaysTheWayOut) {
  folder.write("test.db", std::string(5000, 'x'));
  const Result<std::unique_ptr<Database>> database = Database::open(path, Database::Access::write, "delete it");
  ASSERT_FALSE(database);
  EXPECT_EQ(database.failure().message, path + ": damaged (file is not a database); delete it");
}

TEST_F(DatabaseTest, AFolderThatIsNotThereIsNamed) {
  const Result<std::unique_ptr<Database>> database =
      Database::open(folder / "no/test.db", Database::Access::write, "delete it");
  ASSERT_FALSE(database);
  EXPECT_EQ(
      database.failure().message,
      (folder / "no/test.db") +
          ": cannot be opened (unable to open database file: No such file or directory); see that its folder exists");
}

}  // namespace
}  // namespace dnsd
