// Every case of tests/differential/cases through respond(): the answer must be the one in the case's block `dnsd:`, octet
// by octet as text. What NSD and Knot answered stands beside it for people. DNSD_WRITE_CASES=1 writes the blocks of dnsd
// anew: read the difference before it is committed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "base/atomic_file.h"
#include "dns_message.h"
#include "dnsd/answer/respond.h"
#include "dnsd/pools/rotation.h"
#include "dnsd/snapshot/compile.h"
#include "zones/zone_file.h"

namespace dnsd {
namespace {

constexpr uint16_t RD = 0x0100, AD = 0x0020, CD = 0x0010;

struct Case {
  std::string before;                                      // all up to the block of dnsd
  std::vector<std::pair<std::string, std::string>> zones;  // origin, text
  testing::QueryWords words;
  std::string answer;  // the block
  std::string after;
};

testing::QueryWords parse_query(const std::string& line) {
  testing::QueryWords words;
  words.flags = 0;
  std::istringstream in(line);
  std::string word;
  in >> word >> words.name >> words.type;
  while (in >> word) {
    const std::string value = word.substr(std::min(word.size(), word.find('=')));
    const auto number = [&] { return std::stoi(value.substr(1)); };
    if (word == "rd") words.flags |= RD;
    else if (word == "ad") words.flags |= AD;
    else if (word == "cd") words.flags |= CD;
    else if (word == "do") words.dnssec_ok = true;
    else if (word.starts_with("edns=")) words.edns_payload = number();
    else if (word.starts_with("class=")) words.klass = static_cast<uint16_t>(number());
    else ADD_FAILURE() << "unknown word: " << word;
  }
  return words;
}

Case parse_case(const std::string& text) {
  Case c;
  std::istringstream in(text);
  enum { zones, dnsd, others } at = zones;
  for (std::string line; std::getline(in, line);) {
    if (at == dnsd && !line.starts_with("  ")) at = others;
    if (at == zones) {
      c.before += line + "\n";
      if (line.starts_with("zone ")) c.zones.emplace_back(line.substr(5), "");
      else if (line.starts_with("query ")) c.words = parse_query(line);
      else if (line == "dnsd:") at = dnsd;
      else if (!c.zones.empty()) c.zones.back().second += line + "\n";
    } else {
      (at == dnsd ? c.answer : c.after) += line + "\n";
    }
  }
  return c;
}

// Null where a zone is refused.
std::unique_ptr<Snapshot> load(const Case& c) {
  SnapshotInput input;
  for (const auto& [origin, text] : c.zones) {
    Diagnostics found;
    const ZoneFileOptions options{
        .path = origin + "zone", .shown_path = {}, .origin = *Name::parse(origin), .names_elsewhere = {}};
    auto zone = read_zone_text(text, options, [](const std::string&) { return Failure{"no such file"}; }, found);
    EXPECT_TRUE(zone) << to_text(found);
    if (!zone) return nullptr;
    input.zones.push_back({std::make_shared<const Zone>(std::move(*zone)), {}, {}});
  }
  CompiledZoneCache cache;
  auto snapshot = compile_snapshot(input, NameHash(1, 2), *parse_instant("2026-11-21T00:00:00Z"), 1, nullptr, cache);
  return snapshot ? std::move(*snapshot) : nullptr;
}

std::string answer(const Snapshot& snapshot, const testing::QueryWords& words) {
  RotationState state(1);
  std::vector<uint8_t> out(max_udp_response);
  const std::vector<uint8_t> query = testing::make_query(words);
  const Client client{IpAddress::v4({192, 0, 2, 200}), Transport::udp};
  const size_t size = respond(snapshot, state, query, client, *parse_instant("2026-11-21T00:00:00Z"), out);
  std::istringstream lines(to_text(testing::read_message(Bytes(out).first(size))));
  std::string block;
  for (std::string line; std::getline(lines, line);) block += "  " + line + "\n";
  return block;
}

TEST(Differential, EveryCaseIsAnsweredAsItWasSettled) {
  size_t cases = 0;
  for (const auto& file : std::filesystem::directory_iterator(std::string(TEST_DIRECTORY) + "/differential/cases")) {
    SCOPED_TRACE(file.path().filename().string());
    const Result<std::string> text = read_file(file.path().string());
    ASSERT_TRUE(text) << text.failure().message;
    const Case c = parse_case(*text);
    ASSERT_FALSE(c.zones.empty() || c.answer.empty());
    const std::unique_ptr<Snapshot> snapshot = load(c);
    ASSERT_TRUE(snapshot);
    const std::string got = answer(*snapshot, c.words);
    if (std::getenv("DNSD_WRITE_CASES")) {
      ASSERT_TRUE(replace_file(file.path().string(), c.before + got + c.after).ok());
    } else {
      EXPECT_EQ(c.answer, got);
    }
    ++cases;
  }
  EXPECT_GE(cases, 20u);
}

}  // namespace
}  // namespace dnsd
