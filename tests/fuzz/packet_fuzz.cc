// Any octets as a query: respond() must keep its promises whatever comes. It answers from the zones of data/.
#include <cstdlib>
#include <set>
#include <vector>

#include "base/text.h"
#include "both_ways.h"
#include "dns_message.h"
#include "dnsd/answer/respond.h"
#include "dnsd/loading/data_directory.h"
#include "dnsd/pools/rotation.h"
#include "dnsd/snapshot/compile.h"

namespace {

using namespace dnsd;

const Instant times[] = {*parse_instant("2026-11-21T00:00:00Z"), *parse_instant("2027-06-01T00:00:00Z")};

void require(bool promise) {
  if (!promise) std::abort();
}

std::unique_ptr<Snapshot> load(CookiePolicy policy) {
  Diagnostics diagnostics;
  const auto data = Loader().load(SOURCE_DIRECTORY "/tests/fuzz/data/dnsd.yaml", times[0], diagnostics);
  require(data.has_value());
  CompiledZoneCache cache;
  auto snapshot = compile_snapshot(snapshot_input(*data), NameHash(1, 2), times[0], 1, nullptr, cache);
  require(snapshot.ok());
  (*snapshot)->settings.cookies.policy = policy;
  return std::move(*snapshot);
}

// Bit 0: TCP, bit 3 with it: TLS; bit 1: a client of the set.
Client client_of(uint8_t choice) {
  Client client;
  if (choice & 2) client.source = IpAddress::v4({198, 18, 5, 1});
  if (choice & 1) {
    client.transport = choice & 8 ? Transport::tls : Transport::tcp;
    client.idle_timeout = 100;
  }
  return client;
}

// No record stands twice in a message (RFC 2181 5.5).
bool says_it_twice(const testing::Message& message) {
  std::set<std::string> seen;
  for (const auto* section : {&message.answer, &message.authority, &message.additional})
    for (const std::string& record : *section)
      if (!seen.insert(ascii_lower(record)).second) return true;
  return false;
}

}  // namespace

// The first octet chooses transport, client, time and whether cookies are required; the rest is the packet.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::unique_ptr<Snapshot> snapshots[] = {load(CookiePolicy::answer), load(CookiePolicy::require)};
  static RotationState state = [] {
    RotationState s(1);
    s.fit(snapshots[0]->rotation_slots);
    return s;
  }();
  if (size == 0) return 0;
  const Snapshot& snapshot = *snapshots[data[0] >> 4 & 1];
  const Client client = client_of(data[0]);
  const std::vector<uint8_t> packet(data + 1, data + size);  // its own allocation, so that overruns are seen
  std::vector<uint8_t> out(client.transport != Transport::udp ? max_tcp_response : max_udp_response);
  const Instant now = times[data[0] >> 2 & 1];
  require(testing::both_ways(snapshot, state, packet, client, now) != testing::Ways::differ);
  const size_t got = respond(snapshot, state, packet, client, now, out);

  if (packet.size() < 12 || packet[2] & 0x80) {
    require(got == 0);
    return 0;
  }
  require(got >= 12 && got <= out.size());
  require(out[0] == packet[0] && out[1] == packet[1] && (out[2] & 0x80));
  const testing::Message message = testing::read_message(Bytes(out).first(got));
  require(message.well_formed);
  require(!says_it_twice(message));
  if (client.transport == Transport::udp) require(got <= (message.edns ? default_udp_response : 512));
  return 0;
}
