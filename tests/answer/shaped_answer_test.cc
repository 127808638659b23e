// What shaped names answer to whom, through respond(): scopes of EDNS Client Subnet, several sets, sticky clients, hints.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "dns_message.h"
#include "dnsd/answer/respond.h"
#include "dnsd/pools/rotation.h"
#include "dnsd/snapshot/compile.h"
#include "granted.h"
#include "zones/zone_file.h"

namespace dnsd {
namespace {

using testing::Message;

const Instant now = *parse_instant("2026-11-21T00:00:00Z");

constexpr const char* zone_text = R"($TTL 3600
@      SOA ns1 host 1 7200 900 1209600 300
@      NS  ns1
ns1    A   192.0.2.1
www    A   192.0.2.80
alias  CNAME street
street HTTPS 1 . alpn=h3 ipv4hint=192.0.2.98 ipv6hint=2001:db8::98
street HTTPS 2 . alpn=h2 ipv4hint=192.0.2.98,192.0.2.97 port=8443
street HTTPS 3 other.example.net. ipv4hint=192.0.2.96
fixed  HTTPS 1 . ipv4hint=192.0.2.95
street SVCB 1 . mandatory=ipv6hint ipv6hint=2001:db8::94
)";

PoolDefinition pool(const char* name, size_t members, const char* rotation = "window") {
  PoolDefinition p;
  p.name = name;
  p.rotation = rotation;
  p.cap = 4;
  for (size_t i = 0; i < members; ++i) {
    PoolMember m;
    m.address = IpAddress::v4({198, 51, 100, static_cast<uint8_t>(i)});
    p.members.push_back(m);
  }
  return p;
}

PinnedSet set(const char* name, const char* address, std::vector<const char*> clients) {
  PinnedEntry entry;
  entry.cidr = *IpPrefix::parse(address);
  entry.addresses = {entry.cidr.address()};
  entry.enabled = *parse_date_or_instant("2026-01-01");
  PinnedSet s;
  s.name = name;
  s.entries = {entry};
  PinnedClient client;
  for (const char* prefix : clients) client.sources.push_back({*IpPrefix::parse(prefix), 0, 0});
  s.clients = {client};
  return s;
}

NameRule rule(const char* owner, const char* pool_name, std::vector<const char*> sets = {}) {
  NameRule r;
  r.owner = *Name::parse(owner, *Name::parse("example.org."));
  r.pool = pool_name;
  for (const char* s : sets) r.pinned.push_back({s, {}});
  return r;
}

class ShapedNames : public ::testing::Test {
 protected:
  ShapedNames() {
    NameRule as_written = rule("fixed", "p");
    as_written.hints = Hints::as_written;
    load({pool("p", 12), pool("s", 40, "sticky")},
         {rule("street", "p", {"a", "b"}), rule("sticky", "s"), rule("both", "s", {"a"}), as_written},
         {set("a", "203.0.113.1/32", {"198.18.0.0/15", "2001:db8:a::/48"}), set("b", "203.0.113.2/32", {"198.18.5.0/24"})});
  }

  void load(std::vector<PoolDefinition> pools, std::vector<NameRule> names, std::vector<PinnedSet> sets) {
    Diagnostics diagnostics;
    const ZoneFileOptions options{
        .path = "z", .shown_path = {}, .origin = *Name::parse("example.org."), .names_elsewhere = {names[0].owner}};
    auto zone = read_zone_text(zone_text, options, [](const std::string&) { return Failure{"none"}; }, diagnostics);
    ASSERT_TRUE(zone) << to_text(diagnostics);
    const SnapshotInput input{{{std::make_shared<const Zone>(std::move(*zone)), std::move(pools), std::move(names)}},
                              sets, {}, testing::granted(sets, now)};
    CompiledZoneCache cache;
    auto compiled = compile_snapshot(input, NameHash(1, 2), now, 1, nullptr, cache);
    ASSERT_TRUE(compiled);
    snapshot = std::move(*compiled);
    state.fit(snapshot->rotation_slots);
  }

  // `network`: for whom a resolver asks; empty: for itself.
  Message ask(const std::string& name, const std::string& type, const std::string& network = {},
              const std::string& source = "192.0.2.200") {
    testing::QueryWords words{.name = name + ".example.org.", .type = type, .edns_payload = 1232};
    if (!network.empty()) words.options = {{8, option(*IpPrefix::parse(network))}};
    return send(words, source);
  }
  Message send(const testing::QueryWords& words, const std::string& source = "192.0.2.200") {
    std::vector<uint8_t> out(max_tcp_response);
    const Client client{.source = *IpAddress::parse(source)};
    out.resize(respond(*snapshot, state, testing::make_query(words), client, now, out));
    Message message = testing::read_message(out);
    EXPECT_TRUE(message.well_formed);
    return message;
  }
  static std::vector<uint8_t> option(const IpPrefix& network) {
    std::vector<uint8_t> data = {0, static_cast<uint8_t>(network.family() == Family::ipv4 ? 1 : 2),
                                 static_cast<uint8_t>(network.length()), 0};
    const Bytes address = network.address().octets().first((network.length() + 7) / 8);
    data.insert(data.end(), address.begin(), address.end());
    return data;
  }
  static int scope(const Message& message) {
    const testing::EdnsOption* found = message.option(8);
    return found ? found->data[3] : -1;
  }
  static std::set<std::string> addresses(const Message& message) {
    std::set<std::string> all;
    for (const std::string& record : message.answer) all.insert(record.substr(record.rfind(' ') + 1));
    return all;
  }
  using Addresses = std::set<std::string>;

  std::unique_ptr<Snapshot> snapshot;
  RotationState state{1};
};

TEST_F(ShapedNames, LongestPrefixOfSeveralSetsWins) {
  EXPECT_EQ(addresses(ask("street", "A", "198.18.7.0/24")), Addresses{"203.0.113.1"});
  EXPECT_EQ(addresses(ask("street", "A", "198.18.5.0/24")), Addresses{"203.0.113.2"});
  EXPECT_EQ(addresses(ask("street", "A", "2001:db8:a:1::/64")), Addresses{"203.0.113.1"});
  EXPECT_EQ(addresses(ask("street", "A", "192.0.2.0/24")).size(), 4u);
  EXPECT_EQ(addresses(ask("street", "A", {}, "198.18.5.9")), Addresses{"203.0.113.2"}) << "by source without the option";
  EXPECT_EQ(addresses(ask("street", "A", "192.0.2.0/24", "198.18.5.9")).size(), 4u) << "the option goes first";
}

TEST_F(ShapedNames, ScopesAreThoseOfTheTable) {
  EXPECT_EQ(scope(ask("street", "A", "198.18.5.0/24")), 24);
  EXPECT_EQ(scope(ask("street", "A", "198.18.4.0/24")), 24) << "its neighbour is another's";
  EXPECT_EQ(scope(ask("street", "A", "198.18.128.0/24")), 17);
  EXPECT_EQ(scope(ask("street", "A", "192.0.2.0/24")), 6);
  EXPECT_EQ(scope(ask("street", "A", "2001:db8:b::/48")), 48);
  EXPECT_EQ(scope(ask("street", "AAAA", "198.18.5.0/24")), 24) << "no such address, for this client only";
  EXPECT_EQ(scope(ask("alias", "A", "198.18.5.0/24")), 24) << "by way of an alias";
  EXPECT_EQ(scope(ask("street", "HTTPS", "198.18.5.0/24")), 24) << "the hints depend on it";
  EXPECT_EQ(scope(ask("www", "A", "198.18.5.0/24")), 0);
  EXPECT_EQ(scope(ask("street", "TXT", "198.18.5.0/24")), 0);
  EXPECT_EQ(scope(ask("nothing", "A", "198.18.5.0/24")), 0);
  EXPECT_EQ(scope(ask("street", "A")), -1) << "no option in the query, none in the answer";
}

TEST_F(ShapedNames, NetworkTooWideToTell) {
  const Message wide = ask("street", "A", "198.18.0.0/16");
  EXPECT_EQ(addresses(wide), Addresses{"203.0.113.1"}) << "198.18.0.0/15 holds all of it";
  EXPECT_GT(scope(wide), 16) << "send more";
  EXPECT_EQ(addresses(ask("street", "A", "198.0.0.0/8")).size(), 4u);
}

TEST_F(ShapedNames, PrivateClientsAreTakenForTheirResolver) {
  const Message hidden = ask("street", "A", "0.0.0.0/0", "198.18.5.9");
  EXPECT_EQ(addresses(hidden), Addresses{"203.0.113.2"});
  EXPECT_EQ(scope(hidden), 0);
}

TEST_F(ShapedNames, OptionOnlyFromThoseFromWhomItIsTaken) {
  snapshot->settings.client_subnet.resolvers = PrefixTable({{*IpPrefix::parse("192.0.2.0/24"), 0}});
  EXPECT_EQ(addresses(ask("street", "A", "198.18.5.0/24")), Addresses{"203.0.113.2"});
  const Message other = ask("street", "A", "198.18.5.0/24", "203.0.113.99");
  EXPECT_EQ(addresses(other).size(), 4u);
  EXPECT_EQ(scope(other), -1);
  snapshot->settings.client_subnet.used = false;
  EXPECT_EQ(scope(ask("street", "A", "198.18.5.0/24")), -1);
  // What is not used is not looked at either.
  testing::QueryWords malformed{.name = "street.example.org.", .edns_payload = 1232, .options = {{8, {0, 9, 1, 1}}}};
  EXPECT_EQ(send(malformed).rcode, 0u);
  snapshot->settings.client_subnet = {};
  EXPECT_EQ(send(malformed).rcode, 1u);
}

TEST_F(ShapedNames, StickyClientsGetTheSameSubset) {
  const Addresses first = addresses(ask("sticky", "A", "198.51.100.0/24"));
  EXPECT_EQ(first.size(), 4u);
  std::set<std::string> firsts;
  for (int i = 0; i < 8; ++i) {
    const Message again = ask("sticky", "A", "198.51.100.0/24");
    EXPECT_EQ(addresses(again), first);
    firsts.insert(again.answer[0]);
  }
  EXPECT_EQ(firsts.size(), 4u) << "each of them comes first in turn";
  EXPECT_EQ(addresses(ask("sticky", "A", {}, "198.51.100.77")), first) << "a resolver counts by its network";
  EXPECT_EQ(scope(ask("sticky", "A", "198.51.100.7/32")), 24);
  EXPECT_EQ(addresses(ask("sticky", "A", "198.51.100.7/32")), first);
  std::set<Addresses> others;
  for (int i = 0; i < 100; ++i) others.insert(addresses(ask("sticky", "A", "10.0." + std::to_string(i) + ".0/24")));
  EXPECT_GT(others.size(), 90u);
  RotationState elsewhere(99);  // another worker, another server
  elsewhere.fit(snapshot->rotation_slots);
  std::swap(state, elsewhere);
  EXPECT_EQ(addresses(ask("sticky", "A", "198.51.100.0/24")), first);
}

// (a), (b) and (c) of a scope, through the whole server: a cache that keeps answers for the lesser of SOURCE and SCOPE
// (RFC 7871 7.3.1) gives each client just what the server would have given it.
TEST_F(ShapedNames, CachesNeverMixClients) {
  std::mt19937 random(7);
  const auto octet = [&] { return static_cast<uint8_t>(random() % 4 * 85); };
  for (int round = 0; round < 40; ++round) {
    std::vector<PinnedSet> sets = {set("a", "203.0.113.1/32", {}), set("b", "203.0.113.2/32", {})};
    std::set<IpPrefix> used;
    for (int i = 0; i < 12; ++i) {
      const IpPrefix prefix(IpAddress::v4({octet(), octet(), octet(), octet()}), static_cast<unsigned>(1 + random() % 32));
      if (used.insert(prefix).second) sets[random() % 2].clients[0].sources.push_back({prefix, 0, 0});
    }
    load({pool("s", 40, "sticky"), pool("p", 3)}, {rule("street", "s", {"a", "b"}), rule("few", "p", {"a"})}, sets);
    for (const char* name : {"street", "few"}) {
      const auto source = static_cast<unsigned>(1 + random() % 32);
      std::vector<std::pair<IpPrefix, Addresses>> cache;
      for (int probe = 0; probe < 60; ++probe) {
        const IpPrefix client(IpAddress::v4({octet(), octet(), octet(), octet()}), source);
        const Message answer = ask(name, "A", to_text(client));
        for (const auto& [network, kept] : cache) {
          if (network.contains(client)) {
            ASSERT_EQ(kept, addresses(answer)) << name << " " << to_text(client);
          }
        }
        cache.emplace_back(IpPrefix(client.address(), std::min<unsigned>(source, static_cast<unsigned>(scope(answer)))),
                           addresses(answer));
      }
    }
  }
}

// ---- hints ---------------------------------------------------------------------------------------------------

std::string hint(const std::string& record, const std::string& key) {
  const size_t at = record.find(" " + key + "=");
  if (at == std::string::npos) return "none";
  const size_t begin = at + key.size() + 2;
  return record.substr(begin, record.find(' ', begin) - begin);
}

TEST_F(ShapedNames, HintsFollowTheClientsAnswer) {
  const Message pinned = ask("street", "HTTPS", "198.18.5.0/24");
  ASSERT_EQ(pinned.answer.size(), 3u);
  EXPECT_EQ(hint(pinned.answer[0], "ipv4hint"), "203.0.113.2");
  EXPECT_EQ(hint(pinned.answer[0], "ipv6hint"), "none") << "the set has no IPv6 address";
  EXPECT_EQ(hint(pinned.answer[0], "alpn"), "h3");
  EXPECT_EQ(hint(pinned.answer[1], "ipv4hint"), "203.0.113.2");
  EXPECT_EQ(hint(pinned.answer[1], "port"), "8443") << "what comes after a hint stays";
  EXPECT_EQ(hint(pinned.answer[2], "ipv4hint"), "192.0.2.96") << "another host's addresses are its own";
  EXPECT_TRUE(pinned.answer[0].starts_with("street.example.org. 300 "));
  EXPECT_TRUE(pinned.answer[2].starts_with("street.example.org. 3600 "));
}

TEST_F(ShapedNames, HintsOfAPoolTurnAndAreTheSameInAllRecords) {
  std::set<std::string> seen;
  for (int i = 0; i < 3; ++i) {
    const Message answer = ask("street", "HTTPS", "192.0.2.0/24");
    EXPECT_EQ(hint(answer.answer[0], "ipv4hint"), hint(answer.answer[1], "ipv4hint"));
    EXPECT_TRUE(answer.answer[0].starts_with("street.example.org. 60 ")) << "as long as the addresses may be kept";
    seen.insert(hint(answer.answer[0], "ipv4hint"));
  }
  EXPECT_EQ(seen.size(), 3u);
}

TEST_F(ShapedNames, HintsAsWritten) {
  EXPECT_EQ(hint(ask("fixed", "HTTPS").answer.at(0), "ipv4hint"), "192.0.2.95");
  EXPECT_EQ(hint(ask("street", "SVCB").answer.at(0), "ipv6hint"), "2001:db8::94") << "mandatory, and there is no other";
}

}  // namespace
}  // namespace dnsd
