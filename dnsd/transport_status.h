// The state of the sockets and what the kernel counts of them: for /metrics, status and the log. Part of the main program
// as server_metrics.h is.
//
// Thread safety: any thread, but for news(), which is for one.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "dnsd/control/metrics.h"
#include "dnsd/transport/advice.h"
#include "dnsd/transport/server.h"

namespace dnsd {

class TransportStatus {
 public:
  // What the kernel has counted so far is left out from now on. The server must outlive this.
  TransportStatus(const Server& server, const UdpSocketOptions& asked, bool steered)
      : server_(server), asked_(asked), steered_(steered), at_start_(read_kernel_udp()) {}

  // {"sockets": [{"address": …, "receive_buffer": …}], "workers": [{"core": 0, …}], "kernel": {…}, "advice": ["…"]}
  nlohmann::ordered_json json() const;
  void add_metrics(std::vector<Metric>& metrics) const;
  // What the workers found out and may not log themselves, once each; empty: nothing new.
  std::string news();

 private:
  TransportState state() const;

  const Server& server_;
  const UdpSocketOptions asked_;
  const bool steered_;
  const KernelUdp at_start_;
  bool refusal_told_ = false;
};

}  // namespace dnsd
