#include "transport_status.h"

namespace dnsd {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

TransportState TransportStatus::state() const {
  TransportState state;
  for (size_t i = 0; i < server_.worker_count(); ++i) {
    const CounterValues counters = server_.counters_of(i);
    state.queries_by_worker.push_back(counters[Counter::udp_queries]);
    state.counters += counters;
  }
  state.steered = steered_;
  state.kernel = since(at_start_, read_kernel_udp());
  if (!server_.addresses().empty()) state.granted = server_.addresses()[0].udp;
  state.asked = asked_;
  return state;
}

Json TransportStatus::json() const {
  const TransportState now = state();
  Json sockets = Json::array(), workers = Json::array(), kernel = Json::object();
  for (const BoundAddress& bound : server_.addresses()) {
    sockets.push_back({{"address", to_text(bound.at)},
                       {"receive_buffer", bound.udp.receive_buffer / 2},
                       {"receive_buffer_asked", asked_.receive_buffer},
                       {"send_buffer", bound.udp.send_buffer / 2},
                       {"send_buffer_asked", asked_.send_buffer},
                       {"busy_poll", bound.udp.busy_poll}});
  }
  for (size_t i = 0; i < now.queries_by_worker.size(); ++i) {
    const bool pinned = !server_.cores().empty();
    workers.push_back({{"worker", i},
                       {"core", pinned ? Json(server_.cores()[i]) : Json(nullptr)},
                       {"udp_queries", now.queries_by_worker[i]}});
  }
  for (const KernelUdpRow& row : kernel_udp_rows()) kernel[std::string(row.name)] = now.kernel[row.counter];
  return {{"sockets", sockets},
          {"workers", workers},
          {"steering", steered_ ? "core" : "flow"},
          {"kernel", kernel},
          {"advice", advice(now)}};
}

void TransportStatus::add_metrics(std::vector<Metric>& metrics) const {
  const KernelUdp kernel = since(at_start_, read_kernel_udp());
  for (const KernelUdpRow& row : kernel_udp_rows()) {
    metrics.push_back({"dnsd_kernel_udp_" + std::string(row.name) + "_total",
                       std::string(row.help) + ", in the whole network namespace, since start.", false,
                       {{"", "", static_cast<double>(kernel[row.counter])}}});
  }
}

std::string TransportStatus::news() {
  if (refusal_told_ || server_.counters()[Counter::udp_segmenting_refused] == 0) return {};
  refusal_told_ = true;
  return "the device or IPsec cannot segment (UDP_SEGMENT failed with EIO): answers leave one by one from now on; "
         "`udp: {segmentation: off}` saves the attempt";
}

}  // namespace dnsd
