#include "dnsd/ledger/ledger_file.h"

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "dnsd/sqlite/database.h"
#include "ledgers.h"
#include "pinned_ips/feed/digest.h"

namespace dnsd {
namespace {

using testing::Ledgers;

class LedgerFileTest : public Ledgers {};

TEST_F(LedgerFileTest, NoneIsAnEmptyOne) {
  const Result<LedgerFile> ledger = LedgerFile::open(path, Access::read);
  ASSERT_TRUE(ledger);
  EXPECT_EQ(ledger->size(), 0u);
  EXPECT_EQ(ledger->head_hash(), std::string(64, '0'));
  EXPECT_FALSE(std::filesystem::exists(path)) << "a reader makes nothing";
}

TEST_F(LedgerFileTest, AWriterMakesOneWithItsWitness) {
  const Result<LedgerFile> ledger = LedgerFile::open(path, Access::write);
  ASSERT_TRUE(ledger) << ledger.failure().message;
  EXPECT_EQ(ledger->size(), 0u);
  EXPECT_EQ(content(head), "{\"seq\":0,\"hash\":\"" + std::string(64, '0') + "\"}\n");
}

TEST_F(LedgerFileTest, WhatWasAppendedIsThereInItsOrder) {
  fill(1, 1);
  fill(2, 40);
  const Result<LedgerFile> ledger = LedgerFile::open(path, Access::read);
  ASSERT_TRUE(ledger) << ledger.failure().message;
  EXPECT_EQ(ledger->bodies(), numbered(1, 40));
  EXPECT_EQ(content(head), "{\"seq\":40,\"hash\":\"" + ledger->head_hash() + "\"}\n");
}

TEST_F(LedgerFileTest, BodiesAreOpaque) {
  const std::vector<std::string> bodies = {"", "'; DROP TABLE records; --", std::string("a\0b\n\xff", 5),
                                           "two\nlines"};
  {
    Result<LedgerFile> ledger = LedgerFile::open(path, Access::write);
    ASSERT_TRUE(ledger && ledger->append(bodies));
    EXPECT_EQ(ledger->bodies(), bodies);
  }
  EXPECT_EQ(LedgerFile::open(path, Access::read)->bodies(), bodies);
}

// As the header of the class has it, so that anybody can verify a ledger.
TEST_F(LedgerFileTest, TheChainIsAsDescribed) {
  fill(1, 2);
  const std::string first = hex(*sha256(std::string(64, '0') + "\n1\n" + numbered(1, 1)[0]));
  const std::string second = hex(*sha256(first + "\n2\n" + numbered(2, 2)[0]));
  EXPECT_EQ(LedgerFile::open(path, Access::read)->head_hash(), second);
}

TEST_F(LedgerFileTest, AReaderReadsWhileAWriterHasItOpen) {
  Result<LedgerFile> writer = LedgerFile::open(path, Access::write);
  ASSERT_TRUE(writer && writer->append(numbered(1, 3)));
  // Another process, as zone-edit is.
  const pid_t child = ::fork();
  if (child == 0) {
    const Result<LedgerFile> reader = LedgerFile::open(path, Access::read);
    ::_exit(reader && reader->bodies() == numbered(1, 3) ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(writer->append(numbered(4, 5)));
  EXPECT_EQ(LedgerFile::open(path, Access::read)->size(), 5u);
}

TEST_F(LedgerFileTest, ASecondWriterIsRefusedByItsNextAppend) {
  Result<LedgerFile> first = LedgerFile::open(path, Access::write);
  Result<LedgerFile> second = LedgerFile::open(path, Access::write);
  ASSERT_TRUE(first && second && first->append(numbered(1, 2)));
  const Status status = second->append(numbered(3, 3));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.failure().message,
            path +
                ": somebody else has written to it since record 0; end the other program, then "
                "restart dnsd");
  EXPECT_TRUE(first->append(numbered(3, 3))) << "the first goes on";
  EXPECT_EQ(LedgerFile::open(path, Access::read)->bodies(), numbered(1, 3));
}

// Killed between the two.
TEST_F(LedgerFileTest, AWitnessThatLagsIsRenewedByTheWriter) {
  fill(1, 2);
  const std::string old = content(head);
  fill(3, 4);
  const std::string current = content(head);
  set(head, old);
  EXPECT_EQ(refusal(), "");
  EXPECT_EQ(content(head), old) << "a reader writes nothing";
  EXPECT_EQ(refusal(Access::write), "");
  EXPECT_EQ(content(head), current);
}

TEST_F(LedgerFileTest, AWriterThatWasKilledWhenItMadeTheFileBeginsAgain) {
  set(path, "");
  EXPECT_EQ(refusal(), "");
  fill(1, 2);
  EXPECT_EQ(LedgerFile::open(path, Access::read)->size(), 2u);
}

TEST_F(LedgerFileTest, NothingToAppendIsDone) {
  Result<LedgerFile> ledger = LedgerFile::open(path, Access::write);
  ASSERT_TRUE(ledger && ledger->append({}));
  EXPECT_EQ(ledger->size(), 0u);
}

}  // namespace
}  // namespace dnsd
