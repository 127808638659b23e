// A ledger in a folder of its own, and ways to spoil it.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "dnsd/ledger/ledger_file.h"
#include "temporary_folder.h"

namespace dnsd::testing {

class Ledgers : public ::testing::Test {
 protected:
  using Access = LedgerFile::Access;

  static std::vector<std::string> numbered(size_t first, size_t last) {
    std::vector<std::string> bodies;
    for (size_t i = first; i <= last; ++i)
      bodies.push_back("{\"n\":" + std::to_string(i) + ",\"text\":\"" + std::string(i % 5 * 60, 'x') + "\"}");
    return bodies;
  }

  // Opens it for writing, appends and closes it again.
  void fill(size_t first, size_t last) const {
    Result<LedgerFile> ledger = LedgerFile::open(path, Access::write);
    ASSERT_TRUE(ledger) << ledger.failure().message;
    const Status status = ledger->append(numbered(first, last));
    ASSERT_TRUE(status) << status.failure().message;
    ASSERT_EQ(ledger->witness_failure(), std::nullopt);
  }

  static std::string content(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void set(const std::string& file, const std::string& octets) {
    std::filesystem::remove(
        file);  // some file systems wait for the disk where a file is overwritten from its beginning
    std::ofstream(file, std::ios::binary) << octets;
  }

  // Why it cannot be opened; empty where it can.
  std::string refusal(Access access = Access::read) const {
    const Result<LedgerFile> ledger = LedgerFile::open(path, access);
    return ledger ? "" : ledger.failure().message;
  }

  TemporaryFolder folder;
  const std::string path = folder / "ledger.db";
  const std::string head = folder / "ledger.head";
  const std::string backup_or_rebuild =
      "; put a backup back that has every record, with its ledger.head, or make it anew with "
      "`zone-edit ledger rebuild FILE…` from published snapshots";
};

}  // namespace dnsd::testing
