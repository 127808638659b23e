// What golden cases of signed zones do not reach: long chains of wildcards, broken chains, sizes.
#include "dnsd/answer/denial.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "dns_message.h"
#include "dnsd/answer/respond.h"
#include "dnsd/pools/rotation.h"
#include "signed_zone.h"
#include "test_snapshot.h"

namespace dnsd {
namespace {

using testing::Message;

class DenialTest : public ::testing::Test {
 protected:
  void serve(const std::string& records) {
    const std::string head = "$TTL 300\n@ SOA ns host 1 7200 900 1209600 300\n@ NS ns\nns A 192.0.2.1\n";
    auto zone = testing::read_zone(head + testing::signature_of("@", "SOA") + records, *Name::parse("example.org."));
    snapshot = testing::make_snapshot({{std::make_shared<const Zone>(std::move(zone)), {}, {}}}, testing::test_now);
  }

  Message ask(const std::string& name, const std::string& type = "A", int payload = 1232,
              Transport transport = Transport::udp) {
    const auto query = testing::make_query({.name = name, .type = type, .edns_payload = payload, .dnssec_ok = true});
    std::vector<uint8_t> out(max_tcp_response);
    out.resize(respond(*snapshot, state, query, {IpAddress(), transport}, testing::test_now, out));
    const Message message = testing::read_message(out);
    EXPECT_TRUE(message.well_formed);
    return message;
  }

  static size_t count(const std::vector<std::string>& records, const std::string& type) {
    return static_cast<size_t>(std::ranges::count_if(
        records, [&](const std::string& r) { return r.find(" IN " + type + " ") != std::string::npos; }));
  }

  std::unique_ptr<Snapshot> snapshot;
  RotationState state{1};
};

// A chain of eleven wildcards wants eleven proofs that nothing is closer, and those of where it ends.
TEST_F(DenialTest, EachWildcardOfAChainIsProven) {
  std::string records = "@ NSEC *.w00 NS SOA\nns NSEC @ A\n";
  for (int i = 0; i <= 10; ++i) {
    const auto owner = [](int n) { return std::string("w") + (n < 10 ? "0" : "") + std::to_string(n); };
    records += "*." + owner(i) + (i < 10 ? " CNAME x." + owner(i + 1) : " TXT \"end\"") + "\n";
    records += "*." + owner(i) + " NSEC " + (i < 10 ? "*." + owner(i + 1) : "@") + " CNAME\n";
  }
  serve(records);
  const Message message = ask("x.w00.example.org.", "MX", 4096, Transport::tcp);
  EXPECT_EQ(message.rcode, 0u);
  EXPECT_EQ(count(message.answer, "CNAME"), 10u);
  EXPECT_EQ(count(message.authority, "NSEC"), 11u);  // the last one covers the name and is the wildcard's own
  EXPECT_EQ(std::set(message.authority.begin(), message.authority.end()).size(), message.authority.size());
}

TEST_F(DenialTest, WithoutAChainTheSignaturesAloneAreSent) {
  serve("www A 192.0.2.2\n" + testing::signature_of("www", "A"));
  EXPECT_EQ(ask("www.example.org.").answer.size(), 2u);
  const Message message = ask("nowhere.example.org.");
  EXPECT_EQ(message.rcode, 3u);
  EXPECT_EQ(message.authority.size(), 2u);  // SOA and its signature
}

// A name that the chain has forgotten: what covers it is sent, whatever it says.
TEST_F(DenialTest, AHoleInTheChainIsNoCrash) {
  serve("@ NSEC ns NS SOA\nns NSEC @ A\nwww A 192.0.2.2\nsub NS ns.sub\nns.sub A 192.0.2.3\n");
  EXPECT_EQ(count(ask("www.example.org.", "MX").authority, "NSEC"), 1u);
  EXPECT_EQ(count(ask("x.sub.example.org.").authority, "NSEC"), 1u);
  EXPECT_EQ(count(ask("zzz.example.org.").authority, "NSEC"), 2u);
}

TEST_F(DenialTest, TheLongestNamesAreDenied) {
  std::string labels;
  while (labels.size() < 242) labels += "a.";
  const std::string longest = labels + "example.org.";  // 255 octets
  serve("@ NSEC ns NS SOA\nns NSEC " + longest + " A\n" + longest + " A 192.0.2.2\n" + longest + " NSEC @ A\n");
  EXPECT_EQ(count(ask(longest, "MX").authority, "NSEC"), 1u);
  EXPECT_EQ(ask("b" + longest.substr(1)).rcode, 3u);  // a sibling: no wildcard of its parent exists
  EXPECT_EQ(count(ask("b" + longest.substr(1)).authority, "NSEC"), 2u);
}

TEST_F(DenialTest, NsecIsNotAnsweredForNsec3) {
  snapshot = testing::make_snapshot(testing::signed_zones(TEST_DIRECTORY), testing::test_now);
  EXPECT_EQ(count(ask("nowhere.nsec.example.").authority, "NSEC3"), 0u);
  EXPECT_EQ(count(ask("nowhere.nsec3.example.").authority, "NSEC"), 0u);
  EXPECT_EQ(count(ask("nowhere.nsec3.example.").authority, "NSEC3"), 3u);
}

// Whatever the room, an RRset and its signatures are whole or left out with TC (RFC 4035 3.1.1).
TEST_F(DenialTest, RoomEndsAnywhere) {
  snapshot = testing::make_snapshot(testing::signed_zones(TEST_DIRECTORY), testing::test_now);
  const std::pair<const char*, const char*> questions[] = {
      {"www.nsec.example.", "A"}, {"nsec.example.", "MX"}, {"nowhere.nsec3.example.", "A"}, {"x.wild.optout.example.", "MX"},
      {"www.safe.nsec.example.", "A"}, {"www.plain.optout.example.", "A"}, {"towild.nsec.example.", "A"}};
  for (const auto& [name, type] : questions) {
    const Message whole = ask(name, type, 4096, Transport::tcp);
    for (int payload = 512; payload <= 1232; payload += 7) {
      const Message message = ask(name, type, payload);
      EXPECT_LE(message.size, static_cast<size_t>(payload)) << name << " " << payload;
      const bool all = message.answer == whole.answer && message.authority == whole.authority;
      EXPECT_TRUE(all || message.tc) << name << " " << payload;
      for (const auto* section : {&message.answer, &message.authority}) {
        const size_t signatures = count(*section, "RRSIG");
        EXPECT_LE(signatures * 2, section->size() + count(*section, "NS")) << name << " " << payload;
      }
    }
  }
}

}  // namespace
}  // namespace dnsd
