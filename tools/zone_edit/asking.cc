#include "tools/zone_edit/asking.h"

#include "dnsd/pools/rotation.h"

namespace dnsd {

std::optional<Message> ask(const Snapshot& snapshot, Bytes query, const Client& client, Instant now) {
  RotationState state(1);
  state.fit(snapshot.rotation_slots);
  std::vector<uint8_t> out(client.transport == Transport::udp ? max_udp_response : max_tcp_response);
  const size_t size = respond(snapshot, state, query, client, now, out);
  return read_message(Bytes(out).first(size));
}

}  // namespace dnsd
