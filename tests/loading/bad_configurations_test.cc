// Bad configurations and every word that is said about them: samples/*.txt, each the files that it puts into a good data
// directory, and then what is said. A new one is a new file; DNSD_WRITE_SAMPLES=1 writes what is said into all of them,
// to be read before it is kept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "dnsd/loading/data_directory.h"
#include "temporary_folder.h"

namespace dnsd {
namespace {

const std::string samples = TEST_DIRECTORY "/loading/samples/";
const std::string said_header = "== said\n";

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> names_of_samples() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(samples)) names.push_back(entry.path().stem());
  std::ranges::sort(names);
  return names;
}

std::string numbered(uint32_t number) {
  return std::to_string(number >> 24) + "." + std::to_string(number >> 16 & 255) + "." +
         std::to_string(number >> 8 & 255) + "." + std::to_string(number & 255);
}

// "%members N" and "%sources PREFIX N": lines that nobody wants to read N of.
std::string expanded(const std::string& line) {
  std::istringstream words(line);
  std::string word, prefix, text;
  uint32_t count = 0;
  words >> word;
  if (word == "%members") {
    words >> count;
    for (uint32_t i = 0; i < count; ++i) text += "      - {address: " + numbered(0x0a000000 + i) + "}\n";
    return text;
  }
  if (word != "%sources") return line + "\n";
  words >> prefix >> count;
  const IpPrefix first = *IpPrefix::parse(prefix);
  const uint32_t address = load32(first.address().octets().data());
  for (uint32_t i = 0; i < count; ++i)
    text += "      - " + numbered(address + (i << (32 - first.length()))) + "/" + std::to_string(first.length()) + "\n";
  return text;
}

struct Sample {
  std::string given;  // all of it but what is said
  std::string said;
  std::vector<std::pair<std::string, std::string>> files;
};

Sample parse(const std::string& text) {
  Sample sample;
  const size_t said = text.find(said_header);
  sample.given = text.substr(0, said);
  if (said != std::string::npos) sample.said = text.substr(said + said_header.size());
  std::istringstream lines(sample.given);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("== ")) {
      sample.files.emplace_back(line.substr(3), "");
    } else if (!sample.files.empty()) {
      sample.files.back().second += expanded(line);
    }
  }
  return sample;
}

std::string said_of(const Sample& sample) {
  testing::TemporaryFolder folder;
  testing::write_data_directory(folder);
  for (const auto& [name, content] : sample.files) folder.write(name, content);
  Diagnostics diagnostics;
  const auto data = Loader().load(folder / "dnsd.yaml", *parse_instant("2026-11-21T00:00:00Z"), diagnostics);
  EXPECT_EQ(data.has_value(), !diagnostics.has_errors());
  std::string text = to_text(diagnostics);
  for (size_t at; (at = text.find(folder.path() + "/")) != std::string::npos;) text.erase(at, folder.path().size() + 1);
  return text;
}

class BadConfiguration : public ::testing::TestWithParam<std::string> {};

TEST_P(BadConfiguration, IsToldInTheseWords) {
  const std::string path = samples + GetParam() + ".txt";
  const Sample sample = parse(read(path));
  const std::string said = said_of(sample);
  if (std::getenv("DNSD_WRITE_SAMPLES")) std::ofstream(path, std::ios::binary) << sample.given << said_header << said;
  EXPECT_EQ(parse(read(path)).said, said);
  EXPECT_NE(said, "");
}

INSTANTIATE_TEST_SUITE_P(Samples, BadConfiguration, ::testing::ValuesIn(names_of_samples()), [](const auto& sample) {
  std::string name = sample.param;
  std::ranges::replace_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

TEST(BadConfigurations, AreThere) { EXPECT_GE(names_of_samples().size(), 15u); }

}  // namespace
}  // namespace dnsd
