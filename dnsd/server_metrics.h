// Joins what transport counts and what control knows: for /metrics and for status. Part of the main program, since
// neither of the two folders may know the other.
//
// Thread safety: any thread.
#pragma once

#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "dnsd/control/reloader.h"
#include "dnsd/http/http_server.h"
#include "dnsd/transport/server.h"
#include "dnsd/webhooks/webhooks.h"
#include "transport_status.h"

namespace dnsd {

class ServerMetrics {
 public:
  // Both must outlive this.
  ServerMetrics(const Server& server, const TransportStatus& transport) : server_(server), transport_(transport) {}

  // From now on its connections are counted, too. It must outlive the last scrape().
  void watch(const HttpServer& http) { http_ = &http; }
  void note_reload(const ReloadReport& report);
  void note_generation(uint64_t generation) { generation_ = generation; }
  enum class CertificateOf : uint8_t { dns, http };
  // The certificate in service; whether it is another than before. Always from the same thread.
  bool note_certificate(CertificateOf server, const std::string& fingerprint, Instant expires);
  // What holds of the notice contract now. From one thread at a time.
  struct Contract {
    bool clock_is_wrong = false;  // frozen, or behind what was recorded: pinned sets stand still
    uint64_t feed_serial = 0, ledger_records = 0, waivers = 0;
    WebhookCounters webhooks;
  };
  void note_contract(const Contract& contract);
  std::string scrape() const;           // Prometheus' text
  nlohmann::ordered_json json() const;  // {"udp_queries": 12, …, "rcodes": {"NOERROR": 12}}

 private:
  void add_contract(std::vector<Metric>& metrics) const;

  const Server& server_;
  const TransportStatus& transport_;
  std::atomic<const HttpServer*> http_{nullptr};
  std::atomic<uint64_t> generation_{0};
  std::atomic<uint64_t> reloads_{0};
  std::atomic<uint64_t> failed_reloads_{0};
  std::atomic<bool> last_ok_{true};
  struct Certificate {
    std::atomic<int64_t> expires{0};
    std::string fingerprint;
  };
  Certificate certificates_[2];  // by CertificateOf
  mutable std::mutex contract_mutex_;  // of what follows
  Contract contract_;
};

}  // namespace dnsd
