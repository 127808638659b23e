// Golden cases: each folder beside this file is a data directory with queries.txt and expected.txt. A line
//
//   query NAME TYPE [client=ADDRESS] [now=INSTANT] [edns=PAYLOAD] [do] [version=N] [option=CODE:HEX] [ecs=PREFIX]
//         [opcode=N] [class=N] [tcp] [tls]
//
// is answered by respond(), in order, by one worker; what comes out is compared with expected.txt, octet by octet.
// DNSD_WRITE_CASES=1 writes expected.txt anew: read the difference before it is committed.
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <sstream>

#include "base/atomic_file.h"
#include "base/text.h"
#include "both_ways.h"
#include "dns_message.h"
#include "dnsd/answer/respond.h"
#include "dnsd/loading/data_directory.h"
#include "dnsd/pools/rotation.h"
#include "dnsd/snapshot/compile.h"

namespace dnsd {
namespace {

struct Case {
  testing::QueryWords words;
  Client client{IpAddress::v4({192, 0, 2, 200}), Transport::udp};
  Instant now = *parse_instant("2026-11-21T00:00:00Z");
};

testing::EdnsOption parse_option(const std::string& text) {
  testing::EdnsOption option{static_cast<uint16_t>(std::stoi(text)), {}};
  for (size_t at = text.find(':') + 1; at + 1 < text.size(); at += 2)
    option.data.push_back(static_cast<uint8_t>(std::stoi(text.substr(at, 2), nullptr, 16)));
  return option;
}

// EDNS Client Subnet (RFC 7871 6).
testing::EdnsOption client_subnet(const std::string& text) {
  const IpPrefix prefix = *IpPrefix::parse(text);
  const auto family = static_cast<uint8_t>(prefix.family() == Family::ipv4 ? 1 : 2);
  testing::EdnsOption option{8, {0, family, static_cast<uint8_t>(prefix.length()), 0}};
  const Bytes octets = prefix.address().octets().first((prefix.length() + 7) / 8);
  option.data.insert(option.data.end(), octets.begin(), octets.end());
  return option;
}

// With ten seconds of idle time.
Client connected(Client client, Transport transport) {
  client.transport = transport;
  client.idle_timeout = 100;
  return client;
}

Case parse_case(const std::string& line) {
  Case c;
  std::istringstream in(line);
  std::string word;
  in >> word >> c.words.name >> c.words.type;
  while (in >> word) {
    const std::string key = word.substr(0, word.find('='));
    const std::string value = word.substr(std::min(word.size(), key.size() + 1));
    if (key == "client") c.client.source = *IpAddress::parse(value);
    else if (key == "now") c.now = *parse_instant(value);
    else if (key == "edns") c.words.edns_payload = std::stoi(value);
    else if (key == "do") c.words.dnssec_ok = true;
    else if (key == "version") c.words.edns_version = static_cast<uint8_t>(std::stoi(value));
    else if (key == "opcode") c.words.flags = static_cast<uint16_t>(c.words.flags | std::stoi(value) << 11);
    else if (key == "class") c.words.klass = static_cast<uint16_t>(std::stoi(value));
    else if (key == "option") c.words.options.push_back(parse_option(value));
    else if (key == "ecs") c.words.options.push_back(client_subnet(value));
    else if (key == "tcp" || key == "tls") c.client = connected(c.client, key == "tcp" ? Transport::tcp : Transport::tls);
    else ADD_FAILURE() << "unknown word in case: " << word;
  }
  if (!c.words.options.empty() && c.words.edns_payload < 0) c.words.edns_payload = 1232;
  return c;
}

// No RRset stands twice in a message (RFC 2181 5.5).
bool says_it_twice(const testing::Message& message) {
  std::set<std::string> seen;
  for (const auto* section : {&message.answer, &message.authority, &message.additional})
    for (const std::string& record : *section)
      if (!seen.insert(ascii_lower(record)).second) return true;
  return false;
}

std::string answer_all(const Snapshot& snapshot, const std::string& queries) {
  RotationState state(1);
  state.fit(snapshot.rotation_slots);
  std::vector<uint8_t> out(max_tcp_response);
  std::istringstream in(queries);
  std::string line, text;
  while (std::getline(in, line)) {
    text += line + "\n";
    if (!line.starts_with("query ")) continue;
    const Case c = parse_case(line);
    const std::vector<uint8_t> query = testing::make_query(c.words);
    EXPECT_NE(testing::both_ways(snapshot, state, query, c.client, c.now), testing::Ways::differ) << line;
    const size_t size = respond(snapshot, state, query, c.client, c.now, out);
    const testing::Message message = testing::read_message(Bytes(out).first(size));
    EXPECT_TRUE(message.well_formed) << line;
    EXPECT_EQ(message.id, c.words.id) << line;
    EXPECT_FALSE(says_it_twice(message)) << line;
    // The question comes back in its own case, octet by octet.
    const size_t question = 12 + Name::parse(c.words.name)->size() + 4;
    EXPECT_TRUE(std::equal(query.begin() + 12, query.begin() + static_cast<ptrdiff_t>(question), out.begin() + 12)) << line;
    const int over_udp = std::max(512, std::min(c.words.edns_payload, 1232));
    const auto limit = static_cast<size_t>(c.client.transport == Transport::tcp ? 65535 : over_udp);
    EXPECT_LE(size, limit) << line;
    text += testing::to_text(message);
  }
  return text;
}

class Cases : public ::testing::TestWithParam<const char*> {};

TEST_P(Cases, AnswersAsExpected) {
  const std::string folder = std::string(TEST_DIRECTORY) + "/cases/" + GetParam();
  Diagnostics diagnostics;
  const auto data = Loader().load(folder + "/dnsd.yaml", *parse_instant("2026-11-21T00:00:00Z"), diagnostics);
  ASSERT_TRUE(data) << to_text(diagnostics);
  CompiledZoneCache cache;
  const auto snapshot = compile_snapshot(snapshot_input(*data), NameHash(1, 2),
                                         *parse_instant("2026-11-21T00:00:00Z"), 1, nullptr, cache);
  ASSERT_TRUE(snapshot) << snapshot.failure().message;
  const std::string got = answer_all(**snapshot, *read_file(folder + "/queries.txt"));
  if (std::getenv("DNSD_WRITE_CASES")) {
    ASSERT_TRUE(replace_file(folder + "/expected.txt", got).ok());
  }
  const Result<std::string> expected = read_file(folder + "/expected.txt");
  ASSERT_TRUE(expected) << expected.failure().message;
  EXPECT_EQ(*expected, got);
}

INSTANTIATE_TEST_SUITE_P(Golden, Cases, ::testing::Values("static", "shaping", "signed", "additional", "pages", "clients"),
                         [](const auto& suite) { return std::string(suite.param); });

}  // namespace
}  // namespace dnsd
