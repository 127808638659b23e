#include "dnsd/transport/counters.h"

namespace dnsd {

namespace {

constexpr CounterRow rows[] = {
    {Counter::udp_queries, "udp_queries", false, "Datagrams received"},
    {Counter::udp_responses, "udp_responses", false, "Responses over UDP"},
    {Counter::udp_dropped, "udp_dropped", false, "Datagrams that are no DNS query"},
    {Counter::udp_receive_truncated, "udp_receive_truncated", false, "Datagrams larger than any query may be"},
    {Counter::udp_send_errors, "udp_send_errors", false, "Responses over UDP that the kernel did not take"},
    {Counter::udp_overflow, "udp_overflow", false, "Datagrams dropped by the kernel: the receive buffer was full"},
    {Counter::udp_cut, "udp_cut", false, "Responses too large for the way out, sent with TC instead"},
    {Counter::udp_joined, "udp_joined", false, "Responses that left in one send with others for the same peer"},
    {Counter::udp_segmenting, "udp_segmenting", true, "UDP sockets on which responses may leave together"},
    {Counter::udp_segmenting_refused, "udp_segmenting_refused", false,
     "UDP sockets on which responses leave one by one since the kernel refused"},
    {Counter::tcp_queries, "tcp_queries", false, "Queries over TCP"},
    {Counter::tcp_responses, "tcp_responses", false, "Responses over TCP"},
    {Counter::tcp_connections, "tcp_connections", false, "TCP connections accepted, those of TLS among them"},
    {Counter::tcp_open, "tcp_open", true, "TCP connections open now"},
    {Counter::tcp_rejected, "tcp_rejected", false, "TCP connections closed at once because a limit was reached"},
    {Counter::tcp_evicted, "tcp_evicted", false, "Idle TCP connections closed to make room for new ones"},
    {Counter::tcp_timed_out, "tcp_timed_out", false, "TCP connections closed by the idle timeout"},
    {Counter::tcp_accept_pauses, "tcp_accept_pauses", false, "Times that accepting paused for lack of descriptors"},
    {Counter::tls_queries, "tls_queries", false, "Queries over TLS"},
    {Counter::tls_responses, "tls_responses", false, "Responses over TLS"},
    {Counter::tls_open, "tls_open", true, "TLS connections open now"},
    {Counter::tls_handshakes, "tls_handshakes", false, "TLS handshakes completed"},
    {Counter::tls_resumptions, "tls_resumptions", false, "TLS handshakes made short by a session ticket"},
    {Counter::tls_handshake_failures, "tls_handshake_failures", false, "TLS connections that ended before a handshake"},
    {Counter::truncated, "truncated", false, "Responses with TC"},
};
static_assert(std::size(rows) == counter_count);
static_assert([] {
  for (size_t i = 0; i < counter_count; ++i)
    if (static_cast<size_t>(rows[i].counter) != i) return false;
  return true;
}());

}  // namespace

std::span<const CounterRow> counter_rows() { return rows; }

CounterValues& CounterValues::operator+=(const CounterValues& other) {
  for (size_t i = 0; i < values.size(); ++i) values[i] += other.values[i];
  for (size_t i = 0; i < rcodes.size(); ++i) rcodes[i] += other.rcodes[i];
  return *this;
}

CounterValues Counters::read() const {
  CounterValues read;
  for (size_t i = 0; i < values_.size(); ++i) read.values[i] = values_[i].load(std::memory_order_relaxed);
  for (size_t i = 0; i < rcodes_.size(); ++i) read.rcodes[i] = rcodes_[i].load(std::memory_order_relaxed);
  return read;
}

}  // namespace dnsd
