// Every case of tests/conformance/suites through respond(), over UDP and over TCP. A case is met, or explained.txt names
// the clause of BEHAVIOUR.md that decides it; anything else fails, and so does a case in that list that is met.
#include <gtest/gtest.h>

#include <iostream>

#include "base/atomic_file.h"
#include "both_ways.h"
#include "dnsd/answer/respond.h"
#include "dnsd/pools/rotation.h"
#include "suite.h"

namespace dnsd {
namespace {

using testing::Suite;
using testing::SuiteCase;

const char* const suites[] = {"ferret-valid", "ferret-invalid", "nsd-root", "nsd-unsigned"};

std::string here(const std::string& path) { return std::string(TEST_DIRECTORY) + "/conformance/" + path; }

class Conformance : public ::testing::TestWithParam<std::tuple<const char*, Transport>> {
 protected:
  struct Tally {
    size_t met = 0, refused = 0, explained = 0, short_way = 0;
  };

  // The parts in which an answer is as none of the expectations says; of those the fewest.
  std::vector<std::string> unmet(const Suite& suite, const SuiteCase& c, const testing::Message& got) {
    std::optional<std::vector<std::string>> fewest;
    for (testing::Expectation expected : c.expect) {
      // Whatever did not fit a datagram is whole over TCP.
      if (transport_ == Transport::tcp && expected.tc.value_or(false)) {
        expected = {};
        expected.tc = false;
      }
      std::vector<std::string> parts = testing::unmet(expected, got, suite.origins);
      if (!fewest || parts.size() < fewest->size()) fewest = std::move(parts);
    }
    return *fewest;
  }

  testing::Message ask(const Snapshot& snapshot, const SuiteCase& c) {
    const std::vector<uint8_t> query = testing::make_query(c.words);
    const Client client{IpAddress::v4({192, 0, 2, 200}), transport_};
    const Instant now = *parse_instant("2026-11-21T00:00:00Z");
    const testing::Ways ways = testing::both_ways(snapshot, state_, query, client, now);
    EXPECT_NE(ways, testing::Ways::differ) << c.id << ": the short way to the answer writes other octets";
    tally_.short_way += ways == testing::Ways::alike;
    const size_t size = respond(snapshot, state_, query, client, now, out_);
    const size_t question = 12 + Name::parse(c.words.name)->size() + 4;
    EXPECT_TRUE(size >= question && std::equal(query.begin() + 12, query.begin() + static_cast<ptrdiff_t>(question),
                                               out_.begin() + 12)) << c.id << ": the question does not come back";
    return testing::read_message(Bytes(out_).first(size));
  }

  void judge(const Suite& suite, const testing::LoadedSuite& loaded, const SuiteCase& c) {
    const testing::Message got = ask(*loaded.snapshot, c);
    EXPECT_EQ(got.edns, c.words.edns_payload >= 0) << c.id;
    const bool refused = got.rcode == 5 && loaded.refused.contains(testing::zone_of(suite, c.words.name));
    const std::vector<std::string> parts = refused ? std::vector<std::string>{} : unmet(suite, c, got);
    const auto clause = explained_.find(c.id);
    if (parts.empty()) {
      EXPECT_EQ(clause, explained_.end()) << c.id << " is met: explained.txt need not have it";
      ++tally_.met;
      tally_.refused += refused;
    } else if (clause != explained_.end()) {
      ++tally_.explained;
    } else {
      std::string differing;
      for (const std::string& part : parts) differing += " " + part;
      ADD_FAILURE() << c.id << ": " << c.words.name << " " << c.words.type << " differs in" << differing << "\n"
                    << to_text(got);
    }
  }

  Transport transport_ = std::get<1>(GetParam());
  RotationState state_{1};
  std::vector<uint8_t> out_ = std::vector<uint8_t>(max_tcp_response);
  std::map<std::string, std::string> explained_;
  Tally tally_;
};

TEST_P(Conformance, EveryCaseIsMetOrExplained) {
  const Result<Suite> suite = testing::read_suite(here(std::string("suites/") + std::get<0>(GetParam())));
  ASSERT_TRUE(suite) << suite.failure().message;
  Result<testing::LoadedSuite> loaded = testing::load_suite(*suite);
  ASSERT_TRUE(loaded) << loaded.failure().message;
  Result<std::map<std::string, std::string>> explained = testing::read_explained(here("explained.txt"));
  ASSERT_TRUE(explained) << explained.failure().message;
  explained_ = std::move(*explained);
  for (const SuiteCase& c : suite->cases) judge(*suite, *loaded, c);
  std::cout << suite->name << ", respond() over " << (transport_ == Transport::udp ? "UDP" : "TCP") << ": " << tally_.met
            << " met, " << tally_.explained << " explained, " << suite->cases.size() << " total, " << tally_.short_way
            << " of them the short way";
  if (suite->may_refuse)
    std::cout << " (" << tally_.refused << " met by refusing: " << loaded->refused.size() << " of "
              << suite->zones.size() << " zones)";
  std::cout << "\n";
}

INSTANTIATE_TEST_SUITE_P(Suites, Conformance,
                         ::testing::Combine(::testing::ValuesIn(suites), ::testing::Values(Transport::udp, Transport::tcp)),
                         [](const auto& suite) {
                           std::string name = std::get<0>(suite.param);
                           std::ranges::replace(name, '-', '_');
                           return name + (std::get<1>(suite.param) == Transport::udp ? "_udp" : "_tcp");
                         });

// A line of explained.txt names a case that exists and a clause that exists.
TEST(Explained, NamesCasesAndClauses) {
  const auto explained = testing::read_explained(here("explained.txt"));
  ASSERT_TRUE(explained) << explained.failure().message;
  const Result<std::string> behaviour = read_file(std::string(SOURCE_DIRECTORY) + "/dnsd/BEHAVIOUR.md");
  ASSERT_TRUE(behaviour) << behaviour.failure().message;
  std::set<std::string> ids;
  for (const char* name : suites) {
    const Result<Suite> suite = testing::read_suite(here(std::string("suites/") + name));
    ASSERT_TRUE(suite) << suite.failure().message;
    for (const SuiteCase& c : suite->cases) EXPECT_TRUE(ids.insert(c.id).second) << c.id << " stands twice";
  }
  for (const auto& [id, clause] : *explained) {
    EXPECT_TRUE(ids.contains(id)) << id;
    EXPECT_NE(behaviour->find("**" + clause + "**"), std::string::npos) << "no clause " << clause;
  }
}

}  // namespace
}  // namespace dnsd
