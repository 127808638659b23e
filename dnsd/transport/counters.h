// What a worker counts. Each worker has its own, so that counting is a load, an addition and a store: no locked
// instruction and no cache line that travels between cores.
//
// Thread safety: one thread adds, any thread reads. A new counter is one enumerator and one row in counters.cc.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/bytes.h"

namespace dnsd {

enum class Counter : uint8_t {
  udp_queries,            // datagrams received
  udp_responses,
  udp_dropped,            // left without an answer on purpose: no DNS query, or source port 0
  udp_receive_truncated,  // larger than any query may be
  udp_send_errors,        // answers that the kernel did not take
  udp_overflow,           // datagrams the kernel dropped because the receive buffer was full
  udp_cut,                // answers larger than the way out allows, sent with TC instead
  udp_joined,             // answers that left in one send with others for the same peer
  udp_segmenting,         // sockets on which they may; a gauge
  udp_segmenting_refused,  // sockets on which they may no more, since the kernel cannot
  tcp_queries,
  tcp_responses,
  tcp_connections,  // accepted, refused ones not counted; of TLS too, as the next six
  tcp_open,         // of these, now; a gauge
  tcp_rejected,     // closed at once because a limit was reached
  tcp_evicted,      // idle ones closed to make room
  tcp_timed_out,
  tcp_accept_pauses,  // out of file descriptors or memory
  tls_queries,
  tls_responses,
  tls_open,                // connections of TLS, now; a gauge
  tls_handshakes,          // completed
  tls_resumptions,         // of these, those that a session ticket made short
  tls_handshake_failures,  // connections that ended before their handshake did
  truncated,               // responses with TC
};
constexpr size_t counter_count = 25;

struct CounterRow {
  Counter counter;
  std::string_view name;
  bool gauge;
  std::string_view help;
};
std::span<const CounterRow> counter_rows();  // one for each enumerator, in their order

// Counters at a moment, of one worker or added up.
struct CounterValues {
  std::array<uint64_t, counter_count> values{};
  std::array<uint64_t, 16> rcodes{};  // responses by the RCODE of the header: BADVERS is 0 there, BADCOOKIE 7
  uint64_t operator[](Counter counter) const { return values[static_cast<size_t>(counter)]; }
  CounterValues& operator+=(const CounterValues& other);
};

class alignas(64) Counters {
 public:
  void add(Counter counter, uint64_t n = 1) { bump(values_[static_cast<size_t>(counter)], n); }
  void subtract(Counter counter, uint64_t n = 1) { bump(values_[static_cast<size_t>(counter)], uint64_t{0} - n); }
  // Precondition: `response` has a DNS header.
  void count_response(Counter transport, const uint8_t* response) {
    add(transport);
    bump(rcodes_[response[3] & 15], 1);
    if (response[2] & 2) add(Counter::truncated);
  }
  CounterValues read() const;

 private:
  static void bump(std::atomic<uint64_t>& value, uint64_t n) {
    value.store(value.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }

  std::array<std::atomic<uint64_t>, counter_count> values_{};
  std::array<std::atomic<uint64_t>, 16> rcodes_{};
};

}  // namespace dnsd
