// Broken files and every word that is said about them: samples/broken/KIND-what.yaml beside KIND-what.expected, where
// KIND is server, zone or pinned. A new defect is two new files; DNSD_WRITE_SAMPLES=1 writes the second, for whoever reads
// the difference.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "dnsd/config/pinned_config.h"
#include "dnsd/config/server_config.h"
#include "dnsd/config/zone_config.h"
#include "loading.h"

namespace dnsd {
namespace {

std::vector<std::string> broken_samples() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(TEST_DIRECTORY "/config/samples/broken")) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<ZoneConfig> parse_zone(std::string_view text, const std::string& path, Diagnostics& diagnostics) {
  return parse_zone_config(text, path, diagnostics);
}

class BrokenFile : public ::testing::TestWithParam<std::string> {};

TEST_P(BrokenFile, IsReportedInTheseWords) {
  const std::string text = testing::sample("broken/" + GetParam() + ".yaml");
  std::string reported;
  if (GetParam().starts_with("server-")) {
    reported = testing::defects(parse_server_config, text);
  } else if (GetParam().starts_with("zone-")) {
    reported = testing::defects(parse_zone, text);
  } else {
    reported = testing::defects(parse_pinned_set, text);
  }
  const std::string expected = TEST_DIRECTORY "/config/samples/broken/" + GetParam() + ".expected";
  if (std::getenv("DNSD_WRITE_SAMPLES")) std::ofstream(expected, std::ios::binary) << reported;
  EXPECT_EQ(reported, testing::sample("broken/" + GetParam() + ".expected"));
  EXPECT_NE(reported, "");
}

INSTANTIATE_TEST_SUITE_P(Samples, BrokenFile, ::testing::ValuesIn(broken_samples()), [](const auto& sample) {
  std::string name = sample.param;
  std::replace_if(name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

TEST(BrokenFiles, AreThere) { EXPECT_GE(broken_samples().size(), 20u); }

}  // namespace
}  // namespace dnsd
