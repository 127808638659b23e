#include "dnsd/transport/advice.h"

#include <algorithm>
#include <numeric>

namespace dnsd {

namespace {

// Fewer queries say nothing about how the load is spread.
constexpr uint64_t enough_queries = 10'000;

std::string counted(uint64_t number, const char* what) { return std::to_string(number) + " " + what; }

std::string about_overflow(const TransportState& state) {
  const bool granted_all = state.granted.receive_buffer / 2 >= static_cast<size_t>(state.asked.receive_buffer);
  const std::string limit = std::to_string(state.asked.receive_buffer);
  return counted(state.counters[Counter::udp_overflow], "datagrams were dropped, since a receive buffer was full: ") +
         (granted_all ? "raise udp.receive_buffer for short bursts; a load that lasts needs more workers or cores"
                      : "`sysctl -w net.core.rmem_max=" + limit + "` and restart");
}

// The share of the busiest worker of all queries, in percent; 0 where it says nothing.
uint64_t largest_share(const TransportState& state) {
  const auto& queries = state.queries_by_worker;
  const uint64_t all = std::accumulate(queries.begin(), queries.end(), uint64_t{0});
  if (queries.size() < 2 || all < enough_queries) return 0;
  return *std::max_element(queries.begin(), queries.end()) * 100 / all;
}

}  // namespace

std::vector<std::string> advice(const TransportState& state) {
  std::vector<std::string> lines;
  const CounterValues& counters = state.counters;
  if (counters[Counter::udp_overflow] > 0) lines.push_back(about_overflow(state));
  if (counters[Counter::udp_send_errors] > 0)
    lines.push_back(counted(counters[Counter::udp_send_errors], "answers were not taken by the kernel: ") +
                    (state.kernel[KernelUdpCounter::send_buffer_errors] > 0
                         ? "raise udp.send_buffer, or the queue of the device (`ip link set DEVICE txqueuelen`)"
                         : "no route to the client, or a firewall's rule (`ip route get CLIENT`, `nft list ruleset`)"));
  if (counters[Counter::udp_segmenting_refused] > 0)
    lines.push_back(counted(counters[Counter::udp_segmenting_refused],
                            "sockets send answers one by one, since the device or IPsec cannot segment (UDP_SEGMENT): "
                            "`udp: {segmentation: off}` saves the attempt"));
  if (const uint64_t share = largest_share(state); state.steered && share >= 90)
    lines.push_back("one worker answers " + std::to_string(share) +
                    " % of all queries, since one core receives them: spread the queues of the device (RSS, RPS), or "
                    "set `steering: flow`");
  return lines;
}

}  // namespace dnsd
