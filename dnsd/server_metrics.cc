#include "server_metrics.h"

#include <utility>

#include "dnsd/control/metrics.h"

namespace dnsd {
namespace {

constexpr std::string_view rcode_names[16] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED",
                                              "YXDOMAIN", "BADCOOKIE", "NXRRSET", "NOTAUTH", "NOTZONE", "11",
                                              "12", "13", "14", "15"};

Metric single(std::string name, std::string help, bool gauge, uint64_t value) {
  return {std::move(name), std::move(help), gauge, {{"", "", static_cast<double>(value)}}};
}

}  // namespace

void ServerMetrics::note_reload(const ReloadReport& report) {
  generation_ = report.generation;
  last_ok_ = report.ok;
  ++reloads_;
  if (!report.ok) ++failed_reloads_;
}

bool ServerMetrics::note_certificate(CertificateOf server, const std::string& fingerprint, Instant expires) {
  Certificate& certificate = certificates_[static_cast<size_t>(server)];
  certificate.expires = expires.seconds;
  return std::exchange(certificate.fingerprint, fingerprint) != fingerprint;
}

void ServerMetrics::note_contract(const Contract& contract) {
  const std::lock_guard lock(contract_mutex_);
  contract_ = contract;
}

void ServerMetrics::add_contract(std::vector<Metric>& metrics) const {
  const std::lock_guard lock(contract_mutex_);
  const WebhookCounters& webhooks = contract_.webhooks;
  const auto gauge = [&](const char* name, const char* help, uint64_t value) {
    metrics.push_back(single(name, help, true, value));
  };
  const auto counter = [&](const char* name, const char* help, uint64_t value) {
    metrics.push_back(single(name, help, false, value));
  };
  gauge("dnsd_clock_is_wrong", "1 where the clock stepped or is behind: pinned sets stand still.", contract_.clock_is_wrong);
  gauge("dnsd_feed_serial", "Serial of the feed that is shown; 0: none is.", contract_.feed_serial);
  gauge("dnsd_ledger_records", "Records of the ledger.", contract_.ledger_records);
  gauge("dnsd_waivers", "Entries that were enabled without the whole notice, ever.", contract_.waivers);
  counter("dnsd_webhooks_delivered_total", "Webhook events delivered.", webhooks.delivered);
  counter("dnsd_webhooks_failed_attempts_total", "Attempts to deliver that failed.", webhooks.failed_attempts);
  counter("dnsd_webhooks_given_up_total", "Webhook events given up.", webhooks.given_up);
  gauge("dnsd_webhooks_waiting", "Webhook events that wait.", webhooks.waiting);
  gauge("dnsd_webhooks_disabled", "Subscribers that answered 410.", webhooks.disabled_targets);
}

std::string ServerMetrics::scrape() const {
  const CounterValues counters = server_.counters();
  std::vector<Metric> metrics;
  for (const CounterRow& row : counter_rows()) {
    metrics.push_back(single("dnsd_" + std::string(row.name) + (row.gauge ? "" : "_total"), std::string(row.help),
                             row.gauge, counters[row.counter]));
  }
  Metric rcodes{"dnsd_responses_total", "Responses by the RCODE of their header.", false, {}};
  for (size_t i = 0; i < counters.rcodes.size(); ++i)
    rcodes.values.push_back({"rcode", std::string(rcode_names[i]), static_cast<double>(counters.rcodes[i])});
  metrics.push_back(std::move(rcodes));
  transport_.add_metrics(metrics);
  metrics.push_back(single("dnsd_generation", "The snapshot in service.", true, generation_));
  metrics.push_back(single("dnsd_reloads_total", "Reloads asked for.", false, reloads_));
  metrics.push_back(single("dnsd_failed_reloads_total", "Reloads refused for a defect.", false, failed_reloads_));
  metrics.push_back(single("dnsd_last_reload_ok", "1 where the files are what is served.", true, last_ok_ ? 1 : 0));
  metrics.push_back(single("dnsd_tls_certificate_expires", "When the TLS certificate in service expires; 0: no TLS.", true,
                           static_cast<uint64_t>(certificates_[0].expires)));
  metrics.push_back(single("dnsd_http_certificate_expires", "When the certificate of HTTP expires; 0: no TLS.", true,
                           static_cast<uint64_t>(certificates_[1].expires)));
  if (const HttpServer* http = http_) {
    const ConnectionTable::Counts counts = http->connections();
    metrics.push_back(single("dnsd_http_open", "HTTP connections open now.", true, counts.open));
    metrics.push_back(single("dnsd_http_made_room_total", "HTTP connections ended for others, when places were taken.",
                             false, counts.made_room));
    metrics.push_back(single("dnsd_http_expired_total", "HTTP connections ended at their deadline.", false, counts.expired));
  }
  add_contract(metrics);
  return prometheus_text(metrics);
}

nlohmann::ordered_json ServerMetrics::json() const {
  const CounterValues counters = server_.counters();
  nlohmann::ordered_json json;
  for (const CounterRow& row : counter_rows()) json[std::string(row.name)] = counters[row.counter];
  auto& rcodes = json["rcodes"] = nlohmann::ordered_json::object();
  for (size_t i = 0; i < counters.rcodes.size(); ++i)
    if (counters.rcodes[i] > 0) rcodes[std::string(rcode_names[i])] = counters.rcodes[i];
  return json;
}

}  // namespace dnsd
