#include "dnsd/config/server_config.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "dnsd/config/load.h"
#include "dnsd/config/reader.h"
#include "dnsd/config/values.h"
#include "dnsd/subscribers/webhook_target.h"

namespace dnsd {
namespace {

const std::vector<std::string_view>& level_words() {
  static const std::vector<std::string_view> words = {"trace", "debug", "info", "warn", "error", "off"};
  return words;
}

auto number(uint64_t least, uint64_t most) {
  return [least, most](std::string_view text) { return number_value(text, least, most); };
}

auto duration(Duration least, Duration most) {
  return [least, most](std::string_view text) { return duration_value(text, least, most); };
}

Result<unsigned> workers_value(std::string_view text) {
  if (text == "auto") return 0u;
  const Result<uint64_t> count = number_value(text, 1, 256);
  if (!count) return Failure{count.failure().message + ", nor 'auto'"};
  return static_cast<unsigned>(*count);
}

// One of the words, or a list of cores. Whether there are such cores is for the start to find out, on the machine
// that serves.
void read_pinning(Reader& reader, StartupConfig& startup) {
  const YamlNode* node = reader.optional("pin_workers");
  if (!node) return;
  if (node->kind != YamlNode::Kind::sequence) {
    size_t word = 0;
    reader.read("pin_workers", [](auto text) { return word_value(text, {"off", "auto"}); }, word);
    if (word == 1) startup.pin_workers.emplace();
    return;
  }
  std::vector<unsigned> cores;
  const auto add = [&](uint64_t core, const YamlNode& item) {
    if (std::find(cores.begin(), cores.end(), core) != cores.end())
      reader.error(item, "pin_workers: core " + std::to_string(core) + " twice");
    cores.push_back(static_cast<unsigned>(core));
  };
  reader.each("pin_workers", number(0, 4095), add);
  if (node->children.empty()) reader.error(*node, "pin_workers: at least one core is needed: [0, 1], or auto");
  if (startup.workers > 0 && startup.workers != node->children.size())
    reader.error(*node, "pin_workers: " + std::to_string(node->children.size()) + " cores for " +
                            std::to_string(startup.workers) + " workers; `workers: auto` makes one for each");
  startup.pin_workers = std::move(cores);
}

Result<std::string> short_text(std::string_view text, size_t most) {
  if (text.size() > most) return Failure{"longer than " + std::to_string(most) + " octets"};
  return text_value(text);
}

// `elsewhere`: addresses of another list that must not come up again.
void read_listen(Reader& reader, const std::string& shown_key, std::vector<ConfiguredAddress>& listen,
                 const std::vector<ConfiguredAddress>& elsewhere = {}) {
  std::map<std::pair<IpAddress, uint16_t>, uint32_t> lines;
  for (const ConfiguredAddress& other : elsewhere) lines.try_emplace({other.address, other.port}, other.place.line);
  const auto add = [&](const Endpoint& endpoint, const YamlNode& node) {
    const Place place = reader.place(node);
    const auto [first, is_new] = lines.try_emplace({endpoint.address, endpoint.port}, place.line);
    if (!is_new) {
      return reader.error(node, shown_key + ": the same address twice, first in line " + std::to_string(first->second));
    }
    listen.push_back({endpoint.address, endpoint.port, place});
  };
  const YamlNode* list = reader.each("listen", endpoint_value, add, true);
  if (list && list->children.empty()) {
    const std::string port = elsewhere.empty() ? "53" : "853";
    reader.error(*list, shown_key + ": at least one address is needed: [127.0.0.1:" + port + "]");
  }
}

template <typename Section>
void read_section(Reader& top, std::string_view key, const YamlDocument& document, Diagnostics& diagnostics,
                  Section section) {
  const YamlNode* node = top.mapping(key);
  if (!node) return;
  Reader reader(document, *node, diagnostics, "'" + std::string(key) + "'");
  section(reader);
  reader.finish();
}

// `tcp` and `http` have the same two.
template <typename Limits>
void read_connection_limits(Reader& reader, Limits& limits) {
  reader.read("max_connections", number(1, 1'000'000), limits.max_connections);
  const YamlNode* per_client = reader.read("max_per_client", number(1, 1'000'000), limits.max_per_client);
  if (limits.max_per_client <= limits.max_connections) return;
  if (per_client) {
    reader.error(*per_client, "max_per_client: above max_connections, which is " + std::to_string(limits.max_connections));
  }
  limits.max_per_client = limits.max_connections;
}

// Both or none.
template <typename Path>
std::optional<TlsFiles> read_tls_files(Reader& reader, Path path) {
  TlsFiles files;
  const YamlNode* certificate = reader.require("certificate", path, files.certificate);
  const YamlNode* key = reader.require("key", path, files.key);
  if (!certificate || !key) return std::nullopt;
  files.certificate_place = reader.place(*certificate);
  files.key_place = reader.place(*key);
  return files;
}

template <typename Path>
void read_http(Reader& http, const YamlDocument& document, Diagnostics& diagnostics, Path path, StartupConfig& startup,
               RuntimeConfig& runtime) {
  Endpoint endpoint;
  if (const YamlNode* node = http.require("listen", endpoint_value, endpoint)) {
    startup.http_listen = ConfiguredAddress{endpoint.address, endpoint.port, http.place(*node)};
  }
  read_connection_limits(http, startup.http);
  http.read("deadline", duration({1}, hours(1)), startup.http.deadline);
  http.read("url", base_url_value, runtime.feed_url);
  const YamlNode* tls = http.mapping("tls");
  if (!tls) return;
  startup.http_over_tls = true;
  Reader files(document, *tls, diagnostics, "'http.tls'");
  runtime.http_tls = read_tls_files(files, path);
  files.finish();
}

void read_udp(Reader& reader, UdpSettings& runtime, UdpSocketSettings& sockets) {
  constexpr uint64_t least_buffer = 64 << 10, most_buffer = 1 << 30;
  reader.read("max_response", number(512, 4096), runtime.max_response);
  reader.read("segmentation", [](auto text) { return word_value(text, {"auto", "off"}); }, sockets.segmentation);
  reader.read("receive_buffer", number(least_buffer, most_buffer), sockets.receive_buffer);
  reader.read("send_buffer", number(least_buffer, most_buffer), sockets.send_buffer);
  reader.read("busy_poll", number(0, 10'000), sockets.busy_poll);
}

void read_tcp(Reader& reader, TcpSettings& tcp) {
  read_connection_limits(reader, tcp);
  reader.read("idle_timeout", duration({1}, hours(1)), tcp.idle_timeout);
  reader.read("fast_open", number(0, 65535), tcp.fast_open);
}

void read_client_subnet(Reader& reader, ClientSubnetConfig& out) {
  reader.read("policy", [](auto text) { return word_value(text, {"use", "ignore"}); }, out.policy);
  std::map<IpPrefix, uint32_t> lines;
  std::vector<IpPrefix> resolvers;
  const auto add = [&](const IpPrefix& prefix, const YamlNode& node) {
    const auto [first, is_new] = lines.try_emplace(prefix, reader.place(node).line);
    if (!is_new) {
      reader.error(node, "resolvers: " + to_text(prefix) + " twice, first in line " + std::to_string(first->second));
    }
    resolvers.push_back(prefix);
  };
  const YamlNode* list = reader.each("resolvers", prefix_value, add);
  if (!list) return;
  if (list->children.empty())
    reader.error(*list, "resolvers: at least one prefix is needed; 'policy: ignore' takes the option from nobody");
  out.resolvers = std::move(resolvers);
}

// All three keys or no TLS at all.
template <typename Path>
void read_tls(Reader& reader, Path path, StartupConfig& startup, RuntimeConfig& runtime) {
  read_listen(reader, "tls.listen", startup.tls_listen, startup.listen);
  runtime.tls = read_tls_files(reader, path);
}

template <typename Path>
class WebhookReader {
 public:
  WebhookReader(const YamlDocument& document, Diagnostics& diagnostics, Path path)
      : document_(document), diagnostics_(diagnostics), path_(path) {}

  void read(Reader& top, std::vector<WebhookConfig>& webhooks) {
    const YamlNode* list = top.sequence("webhooks");
    if (!list) return;
    if (list->children.size() > most_webhooks)
      top.error(*list, "webhooks: more than " + std::to_string(most_webhooks) + "; let one of them tell the others");
    for (const YamlNode& node : list->children) webhooks.push_back(read_one(node));
  }

 private:
  WebhookConfig read_one(const YamlNode& node) {
    WebhookConfig webhook;
    Reader reader(document_, node, diagnostics_, "a webhook");
    const YamlNode* name = reader.require("name", identifier_value, webhook.name);
    const YamlNode* url = reader.require("url", webhook_url_value, webhook.url);
    if (const YamlNode* file = reader.require("secret_file", path_, webhook.secret_file))
      webhook.secret_file_place = reader.place(*file);
    reader.finish();
    if (name) refuse_twice(reader, *name, "webhook '" + webhook.name + "'", names_);
    if (url) refuse_twice(reader, *url, "url: the same", urls_);
    return webhook;
  }

  void refuse_twice(Reader& reader, const YamlNode& node, const std::string& what,
                    std::map<std::string, uint32_t>& lines) {
    const auto [first, is_new] = lines.try_emplace(std::string(node.scalar), document_.place(node).line);
    if (!is_new) reader.error(node, what + " twice, first in line " + std::to_string(first->second));
  }

  static constexpr size_t most_webhooks = 100;
  const YamlDocument& document_;
  Diagnostics& diagnostics_;
  const Path path_;
  std::map<std::string, uint32_t> names_, urls_;
};

ServerConfig build(const YamlDocument& document, Diagnostics& diagnostics) {
  ServerConfig config;
  StartupConfig& startup = config.startup;
  RuntimeConfig& runtime = config.runtime;
  config.place = {document.file(), 0, 0};
  const auto path = [&](std::string_view text) { return path_value(text, document.file()); };
  startup.state = *path("state");
  runtime.zones = *path("zones");
  runtime.pinned_ips = *path("pinned_ips");

  Reader top(document, document.root(), diagnostics, "the server's configuration");
  read_listen(top, "listen", startup.listen);
  top.read("workers", workers_value, startup.workers);
  read_pinning(top, startup);
  top.read("steering", [](auto text) { return word_value(text, {"core", "flow"}); }, startup.steering);
  top.read("zones", path, runtime.zones);
  top.read("pinned_ips", path, runtime.pinned_ips);
  top.read("state", path, startup.state);
  read_section(top, "http", document, diagnostics,
               [&](Reader& http) { read_http(http, document, diagnostics, path, startup, runtime); });
  read_section(top, "log", document, diagnostics, [&](Reader& log) {
    log.read("level", [](auto text) { return word_value(text, level_words()); }, runtime.log_level);
    log.read("format", [](auto text) { return word_value(text, {"text", "json"}); }, startup.log_format);
  });
  read_section(top, "udp", document, diagnostics,
               [&](Reader& udp) { read_udp(udp, runtime.udp, startup.udp); });
  read_section(top, "identity", document, diagnostics, [&](Reader& identity) {
    identity.read("id", [](auto text) { return short_text(text, 64); }, runtime.identity.id);
    identity.read("version", [](auto text) { return short_text(text, 255); }, runtime.identity.version);
  });
  read_section(top, "cookies", document, diagnostics, [&](Reader& cookies) {
    cookies.read("policy", [](auto text) { return word_value(text, {"off", "answer", "require"}); },
                 runtime.cookies.policy);
    if (const YamlNode* file = cookies.read("secrets", path, runtime.cookies.secrets))
      runtime.cookies.place = cookies.place(*file);
  });
  read_section(top, "client_subnet", document, diagnostics,
               [&](Reader& subnet) { read_client_subnet(subnet, runtime.client_subnet); });
  read_section(top, "tcp", document, diagnostics, [&](Reader& tcp) { read_tcp(tcp, startup.tcp); });
  read_section(top, "tls", document, diagnostics, [&](Reader& tls) { read_tls(tls, path, startup, runtime); });
  WebhookReader(document, diagnostics, path).read(top, runtime.webhooks);
  top.finish();
  return config;
}

bool same(const ConfiguredAddress& a, const ConfiguredAddress& b) { return a.address == b.address && a.port == b.port; }

bool same(const std::vector<ConfiguredAddress>& a, const std::vector<ConfiguredAddress>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!same(a[i], b[i])) return false;
  }
  return true;
}

}  // namespace

std::vector<std::string_view> changed_startup_settings(const StartupConfig& before, const StartupConfig& after) {
  std::vector<std::string_view> changed;
  if (!same(before.listen, after.listen)) changed.push_back("listen");
  if (before.workers != after.workers) changed.push_back("workers");
  if (before.pin_workers != after.pin_workers) changed.push_back("pin_workers");
  if (before.steering != after.steering) changed.push_back("steering");
  if (before.state != after.state) changed.push_back("state");
  const bool both = before.http_listen && after.http_listen;
  if (both ? !same(*before.http_listen, *after.http_listen) : before.http_listen || after.http_listen) {
    changed.push_back("http.listen");
  }
  if (before.http_over_tls != after.http_over_tls) changed.push_back("http.tls");
  if (before.http != after.http) changed.push_back("http");
  if (before.log_format != after.log_format) changed.push_back("log.format");
  if (before.udp != after.udp) changed.push_back("udp");
  if (before.tcp != after.tcp) changed.push_back("tcp");
  if (!same(before.tls_listen, after.tls_listen)) changed.push_back("tls.listen");
  return changed;
}

std::optional<ServerConfig> parse_server_config(std::string_view text, const std::string& shown_path,
                                                Diagnostics& diagnostics) {
  return load_yaml(text, shown_path, diagnostics, build);
}

std::optional<ServerConfig> read_server_config(const std::string& path, Diagnostics& diagnostics) {
  const std::optional<std::string> text = read_yaml_file(path, diagnostics);
  if (!text) return std::nullopt;
  return parse_server_config(*text, path, diagnostics);
}

std::string to_text(const ConfiguredAddress& listen) {
  const std::string address = to_text(listen.address);
  const bool ipv6 = listen.address.family() == Family::ipv6;
  return (ipv6 ? "[" + address + "]" : address) + ":" + std::to_string(listen.port);
}

std::string_view to_text(LogLevel level) { return level_words()[static_cast<size_t>(level)]; }

}  // namespace dnsd
