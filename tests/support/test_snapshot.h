// A small snapshot made in memory: a zone with all kinds of names, a pool of ten, a pinned set, for tests and fuzzing.
#pragma once

#include <memory>

#include "dnsd/snapshot/compile.h"
#include "granted.h"
#include "zones/zone_file.h"

namespace dnsd::testing {

inline const Instant test_now = *parse_instant("2026-11-21T00:00:00Z");

inline constexpr const char* test_zone_text = R"($TTL 3600
@        SOA ns1 host 1 7200 900 1209600 300
@        NS  ns1
@        MX  10 mail
ns1      A   192.0.2.1
mail     A   192.0.2.25
www      A   192.0.2.80
www      AAAA 2001:db8::80
alias    CNAME www
loop     CNAME loop2
loop2    CNAME loop
*.wild   A   192.0.2.100
*.cwild  CNAME alias
child    NS  ns.child
ns.child A   192.0.2.53
dname    DNAME wild
deep.a.b.c.d.e TXT "x"
big      TXT "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
big      TXT "1123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
big      TXT "2123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
big      TXT "3123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
big      TXT "4123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
)";

// `more`: zones beside it.
inline std::unique_ptr<Snapshot> make_test_snapshot(std::vector<ZoneInput> more = {}) {
  const Name origin = *Name::parse("example.org.");
  Diagnostics diagnostics;
  const ZoneFileOptions options{.path = "test.zone", .shown_path = {}, .origin = origin, .names_elsewhere = {}};
  auto zone = read_zone_text(test_zone_text, options, [](const std::string&) { return Failure{"none"}; }, diagnostics);
  if (!zone) return nullptr;

  PoolDefinition pool;
  pool.name = "pool";
  pool.cap = 20;
  for (uint8_t i = 0; i < 40; ++i) {
    PoolMember v4, v6;
    v4.address = IpAddress::v4({198, 51, 100, i});
    v6.address = IpAddress::v6({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, i});
    pool.members.push_back(v4);
    pool.members.push_back(v6);
  }
  PinnedEntry entry;
  entry.cidr = *IpPrefix::parse("192.0.2.9/32");
  entry.addresses = {*IpAddress::parse("192.0.2.9")};
  entry.enabled = *parse_date_or_instant("2026-01-01");
  PinnedSet set;
  set.name = "set";
  set.entries = {entry};
  PinnedClient client;
  client.name = "client";
  client.sources = {{*IpPrefix::parse("198.18.0.0/15"), {}}};
  set.clients = {client};

  NameRule shaped, pinned;
  shaped.owner = *Name::parse("pool", origin);
  shaped.pool = "pool";
  shaped.pinned = {{"set", {}}};
  pinned.owner = *Name::parse("set", origin);
  pinned.pinned = {{"set", {}}};
  more.insert(more.begin(), {std::make_shared<const Zone>(std::move(*zone)), {pool}, {shaped, pinned}});
  const SnapshotInput input{std::move(more), {set}, {}, granted({set}, test_now)};
  CompiledZoneCache cache;
  auto snapshot = compile_snapshot(input, NameHash(1, 2), test_now, 1, nullptr, cache);
  return snapshot ? std::move(*snapshot) : nullptr;
}

}  // namespace dnsd::testing
