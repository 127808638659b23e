#include "shaped_world.h"

#include <algorithm>

#include "dns_message.h"

#include "granted.h"

namespace dnsd::bench {
namespace {

constexpr const char* zone_text = R"($TTL 3600
@      SOA ns1 host 1 7200 900 1209600 300
@      NS  ns1
ns1    A   192.0.2.1
shaped HTTPS 1 . alpn=h2 ipv4hint=192.0.2.80
)";

PinnedSet make_set(const std::vector<PrefixTable::Row>& rows) {
  PinnedSet set;
  set.name = "set";
  for (const char* text : {"192.0.2.9/32", "192.0.2.10/32", "2001:db8:77::9/128", "2001:db8:77::10/128"}) {
    PinnedEntry entry;
    entry.cidr = *IpPrefix::parse(text);
    entry.addresses = {entry.cidr.address()};
    entry.enabled = *parse_date_or_instant("2026-01-01");
    set.entries.push_back(entry);
  }
  PinnedClient client;
  client.name = "clients";
  for (const PrefixTable::Row& row : rows) client.sources.push_back({row.prefix, {}});
  set.clients = {client};
  return set;
}

std::vector<uint8_t> question(const std::string& type, std::vector<testing::EdnsOption> options = {}) {
  return testing::make_query(
      {.name = "shaped.example.org.", .type = type, .edns_payload = 1232, .options = std::move(options)});
}

// Addresses come from a generator that is cheap beside an answer; the same work whether or not there are prefixes. An
// index beyond the prefixes is that of a stranger, nearly always.
Workload::Change from_others(Layout layout, uint64_t prefixes, Asker asker, bool by_option) {
  const size_t octets = source_bits(layout) / 8;
  return [=, random = Random(7)](std::vector<uint8_t>& packet, Client& client) mutable {
    const uint64_t index = random.next();
    const IpAddress address = address_at(layout, asker == Asker::hit ? index % prefixes : index);
    if (by_option) std::copy_n(address.octets().begin(), octets, packet.end() - static_cast<ptrdiff_t>(octets));
    else client.source = address;
  };
}

}  // namespace

PoolDefinition make_pool(const PoolKind& kind) {
  PoolDefinition pool;
  pool.name = "pool";
  pool.rotation = kind.rotation;
  for (size_t i = 0; i < kind.members; ++i) {
    PoolMember member;
    const auto number = static_cast<uint32_t>(i);
    member.address = kind.family == Family::ipv4 ? v4(0x0a000000 + number) : v6(0x20010db800000000, number);
    if (kind.weights) member.weight = 1 + number % 5;
    if (kind.sites > 0) member.site = "site" + std::to_string(i % kind.sites);
    pool.members.push_back(member);
  }
  return pool;
}

std::shared_ptr<const Snapshot> shaped_world(const PoolDefinition& pool, const std::vector<PrefixTable::Row>* rows) {
  NameRule rule;
  rule.owner = *Name::parse("shaped.example.org.");
  rule.pool = pool.name;
  std::vector<PinnedSet> sets;
  if (rows) {
    sets.push_back(make_set(*rows));
    rule.pinned = {{"set", {}}};
  }
  return make_snapshot(
      {{{make_zone(zone_text, "example.org."), {pool}, {rule}}}, sets, {}, testing::granted(sets, bench_now)});
}

Workload pool(const PoolKind& kind) {
  return {shaped_world(make_pool(kind), nullptr), question(kind.family == Family::ipv4 ? "A" : "AAAA"),
          from_others(Layout::v4_random, 0, Asker::near, false)};
}

Workload clients(Layout layout, size_t count, Asker asker, bool by_option) {
  uint64_t end = 0;
  const std::vector<PrefixTable::Row> rows = make_rows(layout, count, end);
  std::vector<testing::EdnsOption> options;
  if (by_option) {
    const size_t octets = source_bits(layout) / 8;
    const auto family = static_cast<uint8_t>(family_of(layout) == Family::ipv4 ? 1 : 2);
    std::vector<uint8_t> data = {0, family, static_cast<uint8_t>(octets * 8), 0};
    data.resize(data.size() + octets);
    options = {{8, data}};
  }
  return {shaped_world(make_pool({}), count > 0 ? &rows : nullptr), question("A", options),
          from_others(layout, end, asker, by_option)};
}

std::vector<Kind> shaped_kinds() {
  std::vector<Kind> all;
  const auto add_pool = [&](const std::string& name, const PoolKind& kind) {
    all.push_back({"pool " + name, [kind] { return pool(kind); }});
  };
  for (const char* rotation : {"window", "random", "sticky"}) {
    for (const size_t members : {10u, 40u, 1000u, 10000u})
      add_pool(rotation + (" " + std::to_string(members)), {.rotation = rotation, .members = members});
    add_pool(rotation + std::string(" 40 IPv6"), {.rotation = rotation, .family = Family::ipv6});
    add_pool(rotation + std::string(" 40 weights"), {.rotation = rotation, .weights = true});
    add_pool(rotation + std::string(" 40 sites"), {.rotation = rotation, .sites = 4});
  }
  all.push_back({"pool in the hints of HTTPS",
                 [] { return Workload(shaped_world(make_pool({}), nullptr), question("HTTPS")); }});
  for (const bool by_option : {true, false}) {
    for (const Layout layout : layouts) {
      for (const size_t count : {0u, 1000u, 1000000u}) {
        for (const Asker asker : {Asker::near, Asker::hit}) {
          if (count == 0 && asker == Asker::hit) continue;
          const std::string name = std::string(by_option ? "ecs " : "source ") + name_of(layout) + " " +
                                   std::to_string(count) + (asker == Asker::hit ? " hit" : " miss");
          all.push_back({name, [=] { return clients(layout, count, asker, by_option); }});
        }
      }
    }
  }
  return all;
}

}  // namespace dnsd::bench
