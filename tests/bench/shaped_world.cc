#include "shaped_world.h"

#include <algorithm>
#include <cstdlib>
#include <cstdio>
#include <unordered_set>

#include "dns_message.h"
#include "dnsd/pools/client_network.h"
#include "dnsd/snapshot/compile.h"
#include "zones/zone_file.h"

namespace dnsd::bench {
namespace {

constexpr uint64_t clusters = 200;
constexpr const char* zone_text = R"($TTL 3600
@      SOA ns1 host 1 7200 900 1209600 300
@      NS  ns1
ns1    A   192.0.2.1
static A   192.0.2.80
)";

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

IpAddress v6(uint64_t high, uint64_t low) {
  std::array<uint8_t, 16> octets{};
  for (unsigned i = 0; i < 8; ++i) {
    octets[i] = static_cast<uint8_t>(high >> (56 - 8 * i));
    octets[8 + i] = static_cast<uint8_t>(low >> (56 - 8 * i));
  }
  return IpAddress::v6(octets);
}

IpAddress v4(uint32_t number) {
  std::array<uint8_t, 4> octets{};
  store32(octets.data(), number);
  return IpAddress::v4(octets);
}

// An address such as prefixes of the layout have; the same `seed`, the same address.
IpAddress address_at(Layout layout, uint64_t seed) {
  const uint64_t x = mix(seed + 0x9e3779b97f4a7c15);
  const uint64_t cluster = mix(x % clusters + 1) >> 3 | uint64_t{1} << 61;  // first half of an address in 2000::/3
  switch (layout) {
    case Layout::v4_random: return v4(static_cast<uint32_t>(x));
    case Layout::v6_random: return v6(x >> 3 | uint64_t{1} << 61, 0);
    case Layout::v6_clustered: return v6((cluster >> 32 << 32) | x >> 32, 0);
    case Layout::v6_hosts: return v6(cluster, mix(x));
  }
  return {};
}

unsigned length_of(Layout layout) {
  switch (layout) {
    case Layout::v4_random: return 24;
    case Layout::v6_random: return 48;
    case Layout::v6_clustered: return 56;
    case Layout::v6_hosts: return 128;
  }
  return 0;
}

// What resolvers tell of a client; a whole number of octets.
unsigned source_bits(Layout layout) {
  switch (layout) {
    case Layout::v4_random: return 24;
    case Layout::v6_random:
    case Layout::v6_clustered: return 56;
    case Layout::v6_hosts: return 128;
  }
  return 0;
}

uint64_t key_of(const IpPrefix& prefix) {
  const NetworkKey key = network_key(prefix.address(), prefix.length());
  return key.low == 0 ? key.high : mix(key.high ^ mix(key.low));
}

PinnedSet make_set(const std::vector<PrefixTable::Row>& rows) {
  PinnedSet set;
  set.name = "set";
  for (const char* text : {"192.0.2.9/32", "192.0.2.10/32", "2001:db8:77::9/128", "2001:db8:77::10/128"}) {
    PinnedEntry entry;
    entry.cidr = *IpPrefix::parse(text);
    entry.addresses = {entry.cidr.address()};
    entry.published = entry.enabled = *parse_date_or_instant("2026-01-01");
    set.entries.push_back(entry);
  }
  PinnedClient client;
  client.name = "clients";
  for (const PrefixTable::Row& row : rows) client.sources.push_back({row.prefix, {}});
  set.clients = {client};
  return set;
}

std::unique_ptr<Snapshot> make_snapshot(const PoolDefinition& pool, const std::vector<PrefixTable::Row>* rows) {
  const Name origin = *Name::parse("example.org.");
  Diagnostics diagnostics;
  const ZoneFileOptions options{.path = "bench.zone", .shown_path = {}, .origin = origin, .names_elsewhere = {}};
  auto zone = read_zone_text(zone_text, options, [](const std::string&) { return Failure{"none"}; }, diagnostics);
  if (!zone) give_up(to_text(diagnostics));
  NameRule rule;
  rule.owner = *Name::parse("shaped", origin);
  rule.pool = pool.name;
  std::vector<PinnedSet> sets;
  if (rows) {
    sets.push_back(make_set(*rows));
    rule.pinned = {{"set", {}}};
  }
  const SnapshotInput input{{{std::make_shared<const Zone>(std::move(*zone)), {pool}, {rule}}}, std::move(sets), {}};
  CompiledZoneCache cache;
  auto snapshot = compile_snapshot(input, NameHash(1, 2), *parse_instant("2026-11-21T00:00:00Z"), 1, nullptr, cache);
  if (!snapshot) give_up(snapshot.failure().message);
  return std::move(*snapshot);
}

}  // namespace

const char* name_of(Layout layout) {
  constexpr const char* names[] = {"v4_random_24", "v6_random_48", "v6_clustered_56", "v6_hosts_128"};
  return names[static_cast<size_t>(layout)];
}

Family family_of(Layout layout) { return layout == Layout::v4_random ? Family::ipv4 : Family::ipv6; }

IpPrefix prefix_at(Layout layout, uint64_t index) { return {address_at(layout, index), length_of(layout)}; }

std::vector<PrefixTable::Row> make_rows(Layout layout, size_t count, uint64_t& end) {
  std::vector<PrefixTable::Row> rows;
  std::unordered_set<uint64_t> seen;
  seen.reserve(count);
  for (end = 0; rows.size() < count; ++end) {
    const IpPrefix prefix = prefix_at(layout, end);
    if (seen.insert(key_of(prefix)).second) rows.push_back({prefix, 0});
  }
  return rows;
}

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

Workload::Workload(std::unique_ptr<Snapshot> snapshot, const std::string& type)
    : snapshot_(std::move(snapshot)),
      state_(std::make_unique<RotationState>(1)),
      client_(std::make_unique<Client>()),
      out_(max_udp_response),
      now_(*parse_instant("2026-11-21T00:00:00Z")) {
  state_->fit(snapshot_->rotation_slots);
  packet_ = testing::make_query({.name = "shaped.example.org.", .type = type, .edns_payload = 1232});
}

// Addresses come from a generator that is cheap beside an answer; the same work whether or not there are prefixes.
void Workload::ask_from(Layout layout, uint64_t prefixes, Asker asker, bool by_option) {
  const size_t octets = source_bits(layout) / 8;
  if (by_option) {
    const auto family = static_cast<uint8_t>(family_of(layout) == Family::ipv4 ? 1 : 2);
    std::vector<uint8_t> data = {0, family, static_cast<uint8_t>(octets * 8), 0};
    data.resize(data.size() + octets);
    packet_ = testing::make_query({.name = "shaped.example.org.", .edns_payload = 1232, .options = {{8, data}}});
  }
  uint8_t* in_option = packet_.data() + packet_.size() - octets;
  next_client_ = [=, client = client_.get(), random = Random(7)]() mutable {
    const uint64_t index = random.next();  // beyond the prefixes it is that of a stranger, nearly always
    const IpAddress address = address_at(layout, asker == Asker::hit ? index % prefixes : index);
    if (by_option) std::copy_n(address.octets().begin(), octets, in_option);
    else client->source = address;
  };
}

Workload Workload::fixed() {
  Workload work(make_snapshot(make_pool({}), nullptr), "A");
  work.packet_ = testing::make_query({.name = "static.example.org.", .edns_payload = 1232});
  work.ask_from(Layout::v4_random, 0, Asker::near, false);
  return work;
}

Workload Workload::pool(const PoolKind& kind) {
  Workload work(make_snapshot(make_pool(kind), nullptr), kind.family == Family::ipv4 ? "A" : "AAAA");
  work.ask_from(Layout::v4_random, 0, Asker::near, false);
  return work;
}

Workload Workload::clients(Layout layout, size_t count, Asker asker, bool by_option) {
  uint64_t end = 0;
  const std::vector<PrefixTable::Row> rows = make_rows(layout, count, end);
  Workload work(make_snapshot(make_pool({}), count > 0 ? &rows : nullptr), "A");
  work.ask_from(layout, end, asker, by_option);
  return work;
}

std::vector<Kind> kinds() {
  std::vector<Kind> all = {{"static A", [] { return Workload::fixed(); }}};
  const auto pool = [&](const std::string& name, const PoolKind& kind) {
    all.push_back({"pool " + name, [kind] { return Workload::pool(kind); }});
  };
  for (const char* rotation : {"window", "random", "sticky"}) {
    for (const size_t members : {10u, 40u, 1000u, 10000u})
      pool(rotation + (" " + std::to_string(members)), {.rotation = rotation, .members = members});
    pool(rotation + std::string(" 40 IPv6"), {.rotation = rotation, .family = Family::ipv6});
    pool(rotation + std::string(" 40 weights"), {.rotation = rotation, .weights = true});
    pool(rotation + std::string(" 40 sites"), {.rotation = rotation, .sites = 4});
  }
  for (const bool by_option : {true, false}) {
    for (const Layout layout : layouts) {
      for (const size_t count : {0u, 1000u, 1000000u}) {
        for (const Asker asker : {Asker::near, Asker::hit}) {
          if (count == 0 && asker == Asker::hit) continue;
          const std::string name = std::string(by_option ? "ecs " : "source ") + name_of(layout) + " " +
                                   std::to_string(count) + (asker == Asker::hit ? " hit" : " miss");
          all.push_back({name, [=] { return Workload::clients(layout, count, asker, by_option); }});
        }
      }
    }
  }
  return all;
}

}  // namespace dnsd::bench
