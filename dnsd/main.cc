// dnsd: a table of contents. Read the command line, load and check everything, open the sockets, start the workers,
// serve the feed, and hand over to the controller until the end.
#include <spdlog/spdlog.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <thread>

#include "base/atomic_file.h"
#include "base/text.h"
#include "dnsd/control/clock.h"
#include "dnsd/control/contract_keeper.h"
#include "dnsd/control/controller.h"
#include "dnsd/control/log.h"
#include "dnsd/control/progress_lines.h"
#include "dnsd/http/descriptors.h"
#include "dnsd/http/http_server.h"
#include "server_metrics.h"
#include "dnsd/tls/identity.h"
#include "dnsd/tls/tls_context.h"
#include "dnsd/transport/cores.h"
#include "dnsd/transport/server.h"
#include "transport_status.h"

// jemalloc reads this. What a reload has freed goes back to the system within a second or two, by a thread of its own: as a
// rule it would be kept for ten seconds, and be given back when something else is allocated, which may be never.
extern "C" const char* malloc_conf;
const char* malloc_conf = "background_thread:true,dirty_decay_ms:1000,muzzy_decay_ms:0";

namespace dnsd {
namespace {

constexpr int exit_ok = 0, exit_failed = 1, exit_usage = 2;

struct CommandLine {
  std::string config;
  bool check = false;
};

int fail(const std::string& message) {
  std::fprintf(stderr, "dnsd: %s\n", message.c_str());
  return exit_failed;
}

uint64_t random_number() {
  uint64_t number = 0;
  while (::getrandom(&number, sizeof number, 0) != sizeof number) {
  }
  return number;
}

CookieSecret random_secret() {
  CookieSecret secret;
  for (size_t at = 0; at < secret.size(); at += sizeof(uint64_t)) {
    const uint64_t number = random_number();
    std::memcpy(&secret[at], &number, sizeof number);
  }
  return secret;
}

unsigned worker_count(const StartupConfig& config) {
  if (config.workers > 0) return config.workers;
  if (config.pin_workers && !config.pin_workers->empty()) return static_cast<unsigned>(config.pin_workers->size());
  return std::max(1u, static_cast<unsigned>(cores_of_this_process().allowed.size()));
}

// The core of each worker; empty where they are not pinned.
Result<std::vector<unsigned>> cores_of_workers(const StartupConfig& config) {
  if (!config.pin_workers) return std::vector<unsigned>();
  return choose_cores(*config.pin_workers, worker_count(config), cores_of_this_process());
}

TcpLimits tcp_limits(const TcpSettings& settings) {
  TcpLimits limits;
  limits.connections = settings.max_connections;
  limits.per_client = settings.max_per_client;
  limits.idle_timeout = std::chrono::seconds(settings.idle_timeout.seconds);
  return limits;
}

int check(const std::string& config) {
  Diagnostics diagnostics;
  Loader loader(Loader::TlsFilesAre::read);
  if (::isatty(STDERR_FILENO))
    loader.on_progress(ProgressLines([](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); }));
  const bool ok = loader.load(config, wall_clock(), diagnostics).has_value();
  std::fputs(to_text(diagnostics).c_str(), stderr);
  std::fprintf(stderr, "%s: %s, %s\n", config.c_str(), counted(diagnostics.errors(), "error").c_str(),
               counted(diagnostics.warnings(), "warning").c_str());
  return ok ? exit_ok : exit_failed;
}

// A folder that is missing is made; a second daemon on the same one is refused.
Result<FileLock> take_state_folder(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0750) != 0 && errno != EEXIST)
    return Failure{"cannot make the state folder " + folder + ": " + std::strerror(errno)};
  Result<FileLock> lock = FileLock::take(folder + "/daemon.lock", FileLock::Wait::no);
  if (lock) return lock;
  const bool may_write = ::access(folder.c_str(), W_OK) == 0;
  return Failure{lock.failure().message +
                 (may_write ? ": is dnsd already running on the state folder " + folder + "?"
                            : "; give the state folder to the user of dnsd, on a disk that is not mounted read-only")};
}

UdpSocketOptions udp_socket_options(const UdpSocketSettings& settings) {
  return {static_cast<int>(settings.receive_buffer), static_cast<int>(settings.send_buffer),
          static_cast<int>(settings.busy_poll)};
}

Result<Listeners> open_sockets(const StartupConfig& config, const std::vector<unsigned>& cores) {
  std::vector<SocketAddress> addresses;
  for (const ConfiguredAddress& listen : config.listen) addresses.push_back({listen.address, listen.port});
  ListenOptions options;
  for (const ConfiguredAddress& listen : config.tls_listen) options.tls.push_back({listen.address, listen.port});
  options.fast_open = config.tcp.fast_open;
  options.udp = udp_socket_options(config.udp);
  if (config.steering == Steering::core) options.steer_to = cores;
  return open_listeners(addresses, worker_count(config), options);
}

// What the kernel does not do as the configuration asks. No reason not to serve.
void warn_of_shortfalls(const Listeners& listeners, const UdpSocketOptions& asked) {
  if (!listeners.addresses.empty())
    for (const std::string& line : shortfalls(listeners.addresses[0].udp, asked)) spdlog::warn("{}", line);
  if (!listeners.not_steered.empty()) spdlog::warn("steering: {}", listeners.not_steered);
  const Result<std::string> by_wait = read_file("/proc/sys/net/core/busy_poll");
  if (asked.busy_poll > 0 && by_wait && by_wait->starts_with("0"))
    spdlog::warn("udp.busy_poll: only reads poll; `sysctl -w net.core.busy_poll={}` lets the wait for datagrams poll, "
                 "too", asked.busy_poll);
}

void log_listeners(const Server& server, const TcpSettings& tcp) {
  for (const BoundAddress& a : server.addresses()) {
    spdlog::info("listening on {}, UDP and TCP, {} workers, receive buffer of {} octets", to_text(a.at),
                 server.worker_count(), a.udp.receive_buffer);
  }
  for (const SocketAddress& a : server.tls_addresses())
    spdlog::info("listening on {}, TLS, {} workers", to_text(a), server.worker_count());
  const Result<std::string> fast_open = read_file("/proc/sys/net/ipv4/tcp_fastopen");
  if (tcp.fast_open > 0 && !(fast_open && allows_fast_open(*fast_open)))
    spdlog::warn("tcp.fast_open is set, but the kernel has it switched off for servers: "
                 "`sysctl -w net.ipv4.tcp_fastopen=3`");
}

// What new connections over TLS show from now on. A reload that dropped `tls` changes nothing until the next start.
void use_certificate(const DataDirectory& data, TlsContext& tls, ServerMetrics& metrics) {
  if (!data.tls) return;
  if (const Status used = tls.use(*data.tls); !used)
    return spdlog::error("TLS goes on with the certificate it has: {}", used.failure().message);
  if (metrics.note_certificate(ServerMetrics::CertificateOf::dns, data.tls->fingerprint(), data.tls->not_after()))
    spdlog::info("new TLS connections get the certificate of {}, which expires at {}",
                 data.config.runtime.tls->certificate, to_text(data.tls->not_after()));
}

// The same for HTTP.
void use_certificate(const DataDirectory& data, HttpServer& http, ServerMetrics& metrics) {
  if (!data.http_tls) return;
  const Result<TlsIdentity::Pem> pem = data.http_tls->pem();
  const Status used = pem ? http.use_certificate({pem->chain, pem->key}) : Status(pem.failure());
  if (!used) return spdlog::error("HTTP goes on with the certificate it has: {}", used.failure().message);
  if (metrics.note_certificate(ServerMetrics::CertificateOf::http, data.http_tls->fingerprint(), data.http_tls->not_after()))
    spdlog::info("new HTTP connections get the certificate of {}, which expires at {}",
                 data.config.runtime.http_tls->certificate, to_text(data.http_tls->not_after()));
}

// What else may be open: sockets of DNS, two for each address and worker, its connections, files.
uint64_t descriptors_beside_http(const StartupConfig& config) {
  return 2 * (config.listen.size() + config.tls_listen.size()) * worker_count(config) + config.tcp.max_connections + 128;
}

// Fewer connections than asked for are no reason not to serve.
void limit_connections(const StartupConfig& config, HttpOptions& options) {
  const uint64_t descriptors = raise_descriptor_limit();
  options.max_connections = connections_within(config.http.max_connections, descriptors, descriptors_beside_http(config));
  options.max_connections_per_client = std::min(config.http.max_per_client, options.max_connections);
  options.total_deadline = std::chrono::seconds(config.http.deadline.seconds);
  if (options.max_connections < config.http.max_connections)
    spdlog::warn("http.max_connections: {} and not {}, since this process may open {} descriptors; raise LimitNOFILE",
                 options.max_connections, config.http.max_connections, descriptors);
}

Result<std::unique_ptr<HttpServer>> start_http(const DataDirectory& data, ServerMetrics& metrics) {
  const std::optional<ConfiguredAddress>& listen = data.config.startup.http_listen;
  if (!listen) return std::unique_ptr<HttpServer>();
  HttpOptions options;
  options.address = listen->address;
  options.port = listen->port;
  options.metrics = [&metrics] { return metrics.scrape(); };
  limit_connections(data.config.startup, options);
  if (data.http_tls) {
    const Result<TlsIdentity::Pem> pem = data.http_tls->pem();
    if (!pem) return pem.failure();
    options.certificate = {pem->chain, pem->key};
  }
  Result<std::unique_ptr<HttpServer>> server = HttpServer::start(std::move(options));
  if (!server) return server;
  metrics.watch(**server);
  spdlog::info("feed, metrics and page on {}://{}/", data.http_tls ? "https" : "http", to_text(*listen));
  return server;
}

ServerMetrics::Contract contract_now(const ContractKeeper& keeper, const ContractClock& clock,
                                     const Subscriptions& subscriptions) {
  ServerMetrics::Contract contract;
  contract.clock_is_wrong = clock.is_frozen() || clock.behind() > ContractClock::most_step;
  contract.feed_serial = keeper.shown() ? keeper.shown()->serial : 0;
  contract.ledger_records = keeper.history().seq;
  for (const PromisedSet& set : keeper.history().sets)
    contract.waivers += static_cast<uint64_t>(std::ranges::count(set.entries, true, &Promise::waived));
  contract.webhooks = subscriptions.counters();
  return contract;
}

int refuse_to_serve(const Diagnostics& defects) {
  std::fputs(to_text(defects).c_str(), stderr);
  return fail("nothing is served: " + counted(defects.errors(), "error") + " in the configuration");
}

int serve(const std::string& config) {
  Diagnostics defects;
  const std::optional<ServerConfig> settings = read_server_config(config, defects);
  if (!settings) return refuse_to_serve(defects);
  set_up_log(settings->startup.log_format, settings->runtime.log_level);
  const StartupConfig& startup = settings->startup;

  const Result<FileLock> state = take_state_folder(startup.state);
  if (!state) return fail(state.failure().message);
  Result<std::unique_ptr<ContractKeeper>> keeper = ContractKeeper::open(startup.state);
  if (!keeper) return fail(keeper.failure().message);
  Publisher publisher;
  publisher.clock().begin((*keeper)->not_before());
  Reloader reloader(config, NameHash(random_number(), random_number()), publisher, **keeper, random_secret);
  reloader.on_progress(ProgressLines([](const std::string& line) { spdlog::info("{}", line); }));
  const ReloadReport& loaded = reloader.reload(publisher.clock().observe(read_clocks()), "start");
  if (!loaded.ok) return refuse_to_serve(loaded.diagnostics);

  const Result<std::vector<unsigned>> cores = cores_of_workers(startup);
  if (!cores) return fail(cores.failure().message);
  Result<Listeners> listeners = open_sockets(startup, *cores);
  if (!listeners) return fail(listeners.failure().message);
  warn_of_shortfalls(*listeners, udp_socket_options(startup.udp));
  const bool steered = startup.steering == Steering::core && !cores->empty() && listeners->not_steered.empty();

  TlsContext tls;
  if (reloader.data()->tls)
    if (const Status used = tls.use(*reloader.data()->tls); !used) return fail(used.failure().message);
  ServerOptions options;
  options.tcp = tcp_limits(startup.tcp);
  options.rotation_seed = random_number();
  options.tls = &tls;
  options.udp.segmentation = startup.udp.segmentation == Segmentation::automatic;
  options.cores = *cores;
  Result<std::unique_ptr<Server>> server = Server::start(std::move(*listeners), publisher, options);
  if (!server) return fail(server.failure().message);
  log_listeners(**server, startup.tcp);

  TransportStatus transport(**server, udp_socket_options(startup.udp), steered);
  ServerMetrics metrics(**server, transport);
  Result<std::unique_ptr<HttpServer>> http = start_http(*reloader.data(), metrics);
  if (!http) return fail(http.failure().message);

  (*keeper)->serve_by(http->get());
  const auto after_reload = [&](const ReloadReport& report) {
    metrics.note_reload(report);
    if (report.ok && !startup.tls_listen.empty()) use_certificate(*reloader.data(), tls, metrics);
    if (report.ok && startup.http_over_tls) use_certificate(*reloader.data(), **http, metrics);
  };
  Result<std::unique_ptr<Subscriptions>> subscriptions = Subscriptions::start(startup.state, reloader.data()->webhooks);
  if (!subscriptions) return fail(subscriptions.failure().message);
  Controller controller(reloader, **keeper, **subscriptions, publisher,
                        {.queries = [&metrics] { return metrics.json(); },
                         .transport = [&transport] { return transport.json(); },
                         .tick =
                             [&] {
                               metrics.note_contract(contract_now(**keeper, publisher.clock(), **subscriptions));
                               if (const std::string news = transport.news(); !news.empty()) spdlog::warn("{}", news);
                             },
                         .after_reload = after_reload,
                         .new_generation = [&metrics](uint64_t generation) { metrics.note_generation(generation); }});
  if (const Status started = controller.start(startup.state + "/control.sock"); !started)
    return fail(started.failure().message);
  controller.run();
  (*server)->stop();
  return exit_ok;
}

int run(int argc, char** argv) {
  CLI::App app("dnsd: an authoritative DNS server with response shaping");
  CommandLine line;
  app.add_option("--config", line.config, "the configuration file, dnsd.yaml")->required();
  app.add_flag("--check", line.check, "load and check everything, print every defect, exit with 0 or 1");
  app.set_version_flag("--version", "dnsd " DNSD_VERSION);
  app.footer("SIGHUP reloads; SIGTERM lets TCP clients finish and ends. Manual: docs/manual.md");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_ok : exit_usage;
  }
  return line.check ? check(line.config) : serve(line.config);
}

}  // namespace
}  // namespace dnsd

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  return dnsd::run(argc, argv);
}
