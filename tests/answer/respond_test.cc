// What golden cases cannot say: octets that are no proper query, sizes, and what stays the same from answer to
// answer.
#include "dnsd/answer/respond.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "both_ways.h"
#include "dns_message.h"
#include "dnsd/pools/rotation.h"
#include "test_snapshot.h"

namespace dnsd {
namespace {

using testing::Message;
using testing::QueryWords;

class Respond : public ::testing::Test {
 protected:
  Respond() : snapshot(testing::make_test_snapshot()) { state.fit(snapshot->rotation_slots); }

  std::vector<uint8_t> octets(Bytes query, const Client& client = {}) {
    std::vector<uint8_t> out(max_tcp_response, 0xee);
    EXPECT_NE(testing::both_ways(*snapshot, state, query, client, testing::test_now), testing::Ways::differ);
    const size_t size = respond(*snapshot, state, query, client, testing::test_now, out);
    for (size_t i = size; i < std::min<size_t>(out.size(), size + 64); ++i)
      EXPECT_EQ(out[i], 0xee) << "wrote beyond the response at " << i;
    out.resize(size);
    return out;
  }
  Message ask(const QueryWords& words, const Client& client = {}) {
    return testing::read_message(octets(testing::make_query(words), client));
  }
  // rcode of what comes back; "silence" for nothing.
  std::string verdict(std::vector<uint8_t> query) {
    const auto out = octets(query);
    if (out.empty()) return "silence";
    const Message m = testing::read_message(out);
    EXPECT_TRUE(m.well_formed);
    return testing::to_text(m).substr(0, testing::to_text(m).find_first_of(" \n"));
  }

  std::unique_ptr<Snapshot> snapshot;
  RotationState state{1};
};

std::vector<uint8_t> plain() { return testing::make_query({.name = "www.example.org."}); }
std::vector<uint8_t> with_edns() { return testing::make_query({.name = "www.example.org.", .edns_payload = 1232}); }

TEST_F(Respond, EveryShorterQueryIsRefusedCleanly) {
  const auto whole = with_edns();
  for (size_t size = 0; size < whole.size(); ++size) {
    const std::vector<uint8_t> cut(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size));
    EXPECT_EQ(verdict(cut), size < 12 ? "silence" : "FORMERR") << size;
  }
}

TEST_F(Respond, NeverAnswersAnAnswer) {
  auto query = plain();
  query[2] |= 0x80;
  EXPECT_EQ(verdict(query), "silence");
}

TEST_F(Respond, OneQuestionAndWhatTheCountsPromise) {
  for (const size_t count_at : {4u, 6u, 8u, 10u}) {
    auto query = plain();
    ++query[count_at + 1];
    EXPECT_EQ(verdict(query), "FORMERR") << count_at;
  }
  auto none = plain();
  none[5] = 0;
  EXPECT_EQ(verdict(none), "FORMERR");
  auto trailing = plain();
  trailing.push_back(0);
  EXPECT_EQ(verdict(trailing), "NOERROR");
}

TEST_F(Respond, NamesThatAreNone) {
  auto pointer = plain();
  pointer[12] = 0xc0;
  EXPECT_EQ(verdict(pointer), "FORMERR");
  auto label_type = plain();
  label_type[12] = 0x41;
  EXPECT_EQ(verdict(label_type), "FORMERR");
}

TEST_F(Respond, NameOf255OctetsIsAnswered) {
  std::string text;
  while (text.size() < 240) text += "a.";
  const Message m = ask({.name = text + "example.org.", .type = "A"});  // 2 * 120 + 13 = 253 octets
  EXPECT_EQ(m.rcode, 3u);
  EXPECT_EQ(m.authority.size(), 1u);
}

TEST_F(Respond, MalformedOptRecords) {
  const auto whole = with_edns();
  auto two = whole;
  two.insert(two.end(), whole.end() - 11, whole.end());
  two[11] = 2;
  EXPECT_EQ(verdict(two), "FORMERR");
  auto named = plain();
  named[11] = 1;
  const uint8_t opt_with_owner[] = {1, 'x', 0, 0, 41, 4, 0xd0, 0, 0, 0, 0, 0, 0};
  named.insert(named.end(), std::begin(opt_with_owner), std::end(opt_with_owner));
  EXPECT_EQ(verdict(named), "FORMERR");
  auto option = whole;
  option.back() = 4;                          // RDLENGTH
  option.insert(option.end(), {0, 3, 0, 9});  // an option that is longer than the RDATA
  EXPECT_EQ(verdict(option), "FORMERR");
  option[option.size() - 1] = 0;
  EXPECT_EQ(verdict(option), "NOERROR");  // NSID, asked for and ignored
}

TEST_F(Respond, HeaderBits) {
  for (const auto& [sent, back] : std::map<uint16_t, uint16_t>{{0x0000, 0x8400},
                                                               {0x0100, 0x8500},
                                                               {0x0010, 0x8400},
                                                               {0x0040, 0x8400},
                                                               {0x0020, 0x8400},
                                                               {0x0080, 0x8400},
                                                               {0x0200, 0x8400}}) {
    EXPECT_EQ(ask({.name = "www.example.org.", .flags = sent}).flags, back) << sent;
  }
}

TEST_F(Respond, PoolAnswersFitWithoutEdnsAndAreFair) {
  std::map<std::string, int> count;
  for (int i = 0; i < 400; ++i) {
    const Message m = ask({.name = "pool.example.org.", .type = "AAAA"});
    EXPECT_LE(m.size, 512u);
    EXPECT_FALSE(m.tc);
    EXPECT_EQ(m.answer.size(), 17u);  // (512 - 34) / 28 of the cap of 20
    EXPECT_EQ(std::set<std::string>(m.answer.begin(), m.answer.end()).size(), m.answer.size());
    for (const std::string& record : m.answer) ++count[record];
  }
  ASSERT_EQ(count.size(), 40u);
  for (const auto& [record, times] : count) EXPECT_EQ(times, 170) << record;
}

TEST_F(Respond, CapIsReachedWithRoom) {
  EXPECT_EQ(ask({.name = "pool.example.org.", .type = "AAAA", .edns_payload = 1232}).answer.size(), 20u);
  EXPECT_EQ(ask({.name = "pool.example.org.", .type = "A"}).answer.size(), 20u);
}

TEST_F(Respond, ClientsOfTheSetGetItAndNobodyElse) {
  const Client inside{IpAddress::v4({198, 19, 255, 255}), Transport::udp};
  const Client outside{IpAddress::v4({198, 20, 0, 0}), Transport::udp};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(ask({.name = "pool.example.org."}, inside).answer,
              std::vector<std::string>{"pool.example.org. 300 IN A 192.0.2.9"});
    EXPECT_EQ(ask({.name = "pool.example.org."}, outside).answer.size(), 20u);
  }
}

TEST_F(Respond, TruncatesOverUdpAndNotOverTcp) {
  EXPECT_TRUE(ask({.name = "big.example.org.", .type = "TXT"}).tc);
  const Message tcp = ask({.name = "big.example.org.", .type = "TXT"}, {IpAddress(), Transport::tcp});
  EXPECT_FALSE(tcp.tc);
  EXPECT_EQ(tcp.answer.size(), 5u);
}

TEST_F(Respond, NamesAreCompressed) {
  const auto out = octets(testing::make_query({.name = "example.org.", .type = "MX"}));
  // Question 12+17, MX: pointer, 10, preference, "mail" + pointer; A: pointer, 10, 4.
  EXPECT_EQ(out.size(), 12u + 17 + (2 + 10 + 2 + 7) + (2 + 10 + 4));
}

}  // namespace
}  // namespace dnsd
