#include "dnsd/control/progress_lines.h"

#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace dnsd {
namespace {

using std::chrono::milliseconds;

TEST(ProgressLines, NothingInTheFirstSecondAndThenOnceASecond) {
  std::chrono::steady_clock::time_point now{};
  std::vector<std::string> said;
  ProgressLines lines([&](const std::string& line) { said.push_back(line); }, [&] { return now; });
  LoadProgress progress{.path = {}, .zone = 0, .zones = 2, .octets = 0, .of_octets = 0, .records = 0};
  lines(progress);
  progress.path = "zones/big.zone";
  progress.zone = 1;
  progress.of_octets = 24'500'000;
  for (int i = 0; i <= 25; ++i, now += milliseconds(100)) {
    progress.octets = static_cast<uint64_t>(i) * 900'000;
    progress.records = static_cast<uint64_t>(i) * 40'000;
    lines(progress);
  }
  EXPECT_EQ(said, (std::vector<std::string>{
                      "reading zones/big.zone (zone 1 of 2): 9.0 of 24.5 MB, 400000 records, 400000 a second",
                      "reading zones/big.zone (zone 1 of 2): 18.0 of 24.5 MB, 800000 records, 400000 a second"}));
  said.clear();
  progress.zone = 0;
  lines(progress);  // another load
  progress.zone = 1;
  now += milliseconds(900);
  lines(progress);
  EXPECT_TRUE(said.empty());
}

TEST(ProgressLines, ManyShortFilesAreToldOfByTheirNumber) {
  const LoadProgress progress{.path = "zones/a.zone", .zone = 7, .zones = 9, .octets = 0, .of_octets = 0, .records = 0};
  EXPECT_EQ(progress_line(progress, milliseconds(1)), "reading zones/a.zone (zone 7 of 9)");
}

TEST(ProgressLines, TheLoaderTells) {
  testing::TemporaryFolder folder;
  testing::write_data_directory(folder);
  std::string text = "$TTL 300\n@ SOA ns1 host 1 7200 900 1209600 60\n@ NS ns1\nns1 A 192.0.2.1\n";
  for (int i = 0; i < 10000; ++i) text += "h" + std::to_string(i) + " A 192.0.2.2\n";
  folder.write("zones/a.zone", text);
  std::vector<LoadProgress> told;
  Loader loader;
  loader.on_progress([&](const LoadProgress& p) { told.push_back(p); });
  Diagnostics diagnostics;
  const Instant now = *parse_instant("2026-11-21T00:00:00Z");
  ASSERT_TRUE(loader.load(folder / "dnsd.yaml", now, diagnostics)) << to_text(diagnostics);
  ASSERT_GE(told.size(), 4u);
  EXPECT_EQ(told[0].zone, 0u);
  EXPECT_EQ(told[1].octets, 0u);
  EXPECT_EQ(told.back().zone, 1u);
  EXPECT_EQ(told.back().zones, 1u);
  EXPECT_EQ(told.back().of_octets, text.size());
  EXPECT_GT(told.back().records, 8000u);
}

}  // namespace
}  // namespace dnsd
