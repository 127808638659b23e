// Any octets as a query: respond() must keep its promises whatever comes.
#include <cstdlib>
#include <vector>

#include "dns_message.h"
#include "dnsd/answer/respond.h"
#include "dnsd/pools/rotation.h"
#include "signed_zone.h"
#include "test_snapshot.h"

namespace {

void require(bool promise) {
  if (!promise) std::abort();
}

}  // namespace

// The first octet chooses transport and client; the rest is the packet.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dnsd;
  static const std::unique_ptr<Snapshot> snapshot =
      testing::make_test_snapshot(testing::signed_zones(SOURCE_DIRECTORY "/tests"));
  static RotationState state = [] {
    RotationState s(0, 1, 1);
    s.fit(snapshot->rotation_slots);
    return s;
  }();
  if (size == 0) return 0;
  const Client client{data[0] & 2 ? IpAddress::v4({198, 18, 0, 1}) : IpAddress(),
                      data[0] & 1 ? Transport::tcp : Transport::udp};
  const std::vector<uint8_t> packet(data + 1, data + size);  // its own allocation, so that overruns are seen
  std::vector<uint8_t> out(client.transport == Transport::tcp ? max_tcp_response : max_udp_response);
  const size_t got = respond(*snapshot, state, packet, client, testing::test_now, out);

  if (packet.size() < 12 || packet[2] & 0x80) {
    require(got == 0);
    return 0;
  }
  require(got >= 12 && got <= out.size());
  require(out[0] == packet[0] && out[1] == packet[1] && (out[2] & 0x80));
  const testing::Message message = testing::read_message(Bytes(out).first(got));
  require(message.well_formed);
  if (client.transport == Transport::udp) require(got <= (message.edns ? default_udp_response : 512));
  return 0;
}
