// What an administrator can do about what the transport counts. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "dnsd/transport/counters.h"
#include "dnsd/transport/kernel_udp.h"
#include "dnsd/transport/udp_socket.h"

namespace dnsd {

struct TransportState {
  CounterValues counters;                      // of all workers
  std::vector<uint64_t> queries_by_worker;     // over UDP
  bool steered = false;                        // each worker gets what its core receives
  KernelUdp kernel;                            // since start
  UdpSocketGrants granted;
  UdpSocketOptions asked;
};

// A line for each thing that is not as it should be; none where all is well.
std::vector<std::string> advice(const TransportState& state);

}  // namespace dnsd
