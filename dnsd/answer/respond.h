// The one call between octets in and octets out.
//
// Pure: no clock, no random source, no log, no allocation, no lock; what it needs comes in and what changes is `state`.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/instant.h"
#include "base/ip_address.h"

namespace dnsd {

struct PreparedQuery;  // dnsd/answer/prepared_query.h
struct Snapshot;
struct RotationState;  // dnsd/pools/rotation.h: cursors and random state of one worker

enum class Transport : uint8_t { udp, tcp, tls };

struct Client {
  IpAddress source;  // unmapped: an IPv4 peer of a dual stack socket is IPv4
  Transport transport = Transport::udp;
  // How long the connection may be idle from now on, in units of 100 ms, as edns-tcp-keepalive tells it (RFC 7828).
  uint16_t idle_timeout = 0;
};

// Octets of answer that `out` must have room for.
constexpr size_t max_udp_response = 4096;
constexpr size_t max_tcp_response = 65535;

// Answers `query`. Returns the octets written to `out`, 0 where silence is right (no header, or QR set).
// Preconditions: `out` has at least max_udp_response octets of room, for TCP max_tcp_response; it does not overlap
// `query`; `state` belongs to the calling thread and has been fitted to `snapshot` (RotationState::fit).
// The size over UDP never exceeds what the client and the server's limit allow (512 without EDNS).
size_t respond(const Snapshot& snapshot, RotationState& state, Bytes query, const Client& client, Instant now,
               MutableBytes out) noexcept;
// The second half alone. `query` was prepared with the same snapshot, to find_name(); it is used up.
size_t respond_prepared(const Snapshot& snapshot, RotationState& state, PreparedQuery& query, const Client& client,
                        Instant now, MutableBytes out) noexcept;

// The same by the general way, whatever the query: what respond_prepared() does where the answer is not a usual one
// (usual_answer.h). For the tests that compare the two.
size_t answer_any_query(const Snapshot& snapshot, RotationState& state, PreparedQuery& query, const Client& client,
                        Instant now, MutableBytes out) noexcept;

}  // namespace dnsd
