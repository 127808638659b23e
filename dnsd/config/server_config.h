// dnsd.yaml: how the server runs. One row per option; a key that is not here is an error.
//
//   key                  default     range                    meaning
//   listen               (required)  ADDRESS:PORT, a list     UDP and TCP on each
//   workers              auto        auto, 1 to 256           threads that answer; auto is one per core
//   pin_workers          off         off, auto, cores         each worker stays on a core: as they come, or on these
//   steering             core        core, flow               a pinned worker gets what its core receives; or by hash
//   zones                zones       a folder                 its *.yaml are the zones
//   pinned_ips           pinned_ips  a folder                 its *.yaml are the pinned sets
//   state                state       a folder                 control socket, keys; created if missing
//   http.listen          none        ADDRESS:PORT             feed, metrics, page
//   http.tls.certificate none        a file                   certificate and chain in PEM; then it is HTTPS only
//   http.tls.key         none        a file                   its private key in PEM
//   http.max_connections 10000       1 to 1000000             open at once; beyond, the idlest makes room
//   http.max_per_client  100         1 to max_connections     open at once from one address
//   http.deadline        10s         1s to 1h                 a connection ends after this, whatever it does
//   http.url             none        http(s)://HOST[/PATH]    where the public reaches it, for what names its documents
//   log.level            info        trace … error, off
//   log.format           text        text, json
//   udp.max_response     1232        512 to 4096 octets       most in one UDP answer, whatever the client offers
//   udp.segmentation     auto        auto, off                equally long answers to one peer leave in one send
//   udp.receive_buffer   4194304     65536 to 1073741824      octets asked of the kernel for each socket
//   udp.send_buffer      4194304     65536 to 1073741824
//   udp.busy_poll        0           0 to 10000               microseconds that a read polls the device; 0 is off
//   tcp.max_connections  1000        1 to 1000000             open at once, all workers together
//   tcp.max_per_client   100         1 to max_connections     open at once from one address
//   tcp.idle_timeout     10s         1s to 1h                 a connection ends so long after its last complete query
//   identity.id          none        1 to 64 octets           told as NSID, id.server and hostname.bind
//   identity.version     none        1 to 255 octets          told as version.bind and version.server
//   cookies.policy       answer      off, answer, require     DNS cookies: ignored, given, demanded of who sends them
//   cookies.secrets      none        a file                   shared by several servers; none: our own, a new one a day
//   tcp.fast_open        0           0 to 65535               TCP fast open: length of its queue; 0 is off
//   client_subnet.policy  use        use, ignore              EDNS Client Subnet (RFC 7871): who a client is by it
//   client_subnet.resolvers  any     prefixes, a list         the option is taken from queries of these sources only
//   tls.listen           none        ADDRESS:PORT, a list     DNS over TLS on each; the other two keys are needed then
//   tls.certificate      none        a file                   certificate and chain in PEM
//   tls.key              none        a file                   its private key in PEM
//   webhooks             none        a list                   who is told of changes of the pinned sets
//   webhooks.name        (required)  a name                   what log and outbox call it
//   webhooks.url         (required)  https, or http to this machine   where events are sent
//   webhooks.secret_file (required)  a file                   what signs them: 1 to 4 lines of whsec_…
//
// The default of 1232 octets avoids fragments on every path (DNS flag day 2020). Paths are relative to the folder of
// the file. Thread safety: plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/instant.h"
#include "base/ip_address.h"

namespace dnsd {

struct ConfiguredAddress {
  IpAddress address;
  uint16_t port = 0;
  Place place;
};

enum class LogLevel : uint8_t { trace, debug, info, warn, error, off };
enum class LogFormat : uint8_t { text, json };

struct TcpSettings {
  uint32_t max_connections = 1000;
  uint32_t max_per_client = 100;
  Duration idle_timeout{10};
  uint16_t fast_open = 0;
  bool operator==(const TcpSettings&) const = default;
};

struct HttpLimits {
  uint32_t max_connections = 10000;
  uint32_t max_per_client = 100;
  Duration deadline{10};
  bool operator==(const HttpLimits&) const = default;
};

enum class Segmentation : uint8_t { automatic, off };
enum class Steering : uint8_t { core, flow };

struct UdpSocketSettings {
  Segmentation segmentation = Segmentation::automatic;
  uint32_t receive_buffer = 4 << 20;
  uint32_t send_buffer = 4 << 20;
  uint32_t busy_poll = 0;
  bool operator==(const UdpSocketSettings&) const = default;
};

// What is read once, at start: a reload that changes it says that a restart is needed.
struct StartupConfig {
  std::vector<ConfiguredAddress> listen;
  unsigned workers = 0;  // 0: one per core, or one for each of pin_workers
  std::optional<std::vector<unsigned>> pin_workers;  // absent: anywhere; empty: one core each, as they come
  Steering steering = Steering::core;                // of workers that are pinned
  std::string state;
  std::optional<ConfiguredAddress> http_listen;
  bool http_over_tls = false;
  HttpLimits http;
  LogFormat log_format = LogFormat::text;
  UdpSocketSettings udp;
  TcpSettings tcp;
  std::vector<ConfiguredAddress> tls_listen;
};

struct UdpSettings {
  uint16_t max_response = 1232;
};

struct IdentitySettings {
  std::string id;
  std::string version;
};

enum class CookieWord : uint8_t { off, answer, require };

struct CookieFile {
  CookieWord policy = CookieWord::answer;
  std::string secrets;  // path; empty: none
  Place place;
};

enum class ClientSubnetPolicy : uint8_t { use, ignore };

struct ClientSubnetConfig {
  ClientSubnetPolicy policy = ClientSubnetPolicy::use;
  std::optional<std::vector<IpPrefix>> resolvers;  // absent: any
};

// The files of a TLS server, and where they are named. What is in them is for dnsd/loading to find out.
struct TlsFiles {
  std::string certificate;
  std::string key;
  Place certificate_place;
  Place key_place;
};

// What is in the secret file is for webhook_secrets.h.
struct WebhookConfig {
  std::string name;
  std::string url;
  std::string secret_file;  // path
  Place secret_file_place;
};

// What a reload may change.
struct RuntimeConfig {
  std::string zones;
  std::string pinned_ips;
  LogLevel log_level = LogLevel::info;
  UdpSettings udp;
  IdentitySettings identity;
  CookieFile cookies;
  ClientSubnetConfig client_subnet;
  std::optional<TlsFiles> tls;       // of DNS over TLS
  std::optional<TlsFiles> http_tls;  // of HTTP
  std::string feed_url;              // http.url, without a "/" at its end; empty: not given
  std::vector<WebhookConfig> webhooks;
};

struct ServerConfig {
  StartupConfig startup;
  RuntimeConfig runtime;
  Place place;  // the file as a whole
};

// The names of the startup settings that differ, as in dnsd.yaml ("listen", "log.format"); empty where none does.
std::vector<std::string_view> changed_startup_settings(const StartupConfig& before, const StartupConfig& after);

// None where anything was reported as an error; all defects are.
std::optional<ServerConfig> read_server_config(const std::string& path, Diagnostics& diagnostics);
std::optional<ServerConfig> parse_server_config(std::string_view text, const std::string& shown_path,
                                                Diagnostics& diagnostics);

std::string to_text(const ConfiguredAddress& listen);  // "127.0.0.1:53", "[::1]:53"
std::string_view to_text(LogLevel level);

}  // namespace dnsd
