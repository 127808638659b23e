// The HTTP server: feed, page, metrics and health, over libmicrohttpd on a thread of its own, so that nothing a web
// client does can delay a DNS answer.
//
// Thread safety: publish() may be called from any thread while requests run; a request is answered from the content
// it began with. The callbacks of the options run on the HTTP thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/instant.h"
#include "base/ip_address.h"
#include "base/result.h"
#include "dnsd/http/connection_table.h"
#include "dnsd/http/http_content.h"

namespace dnsd {

struct HttpOptions {
  IpAddress address;
  uint16_t port = 0;                     // 0: any free one, see HttpServer::port()
  std::function<std::string()> metrics;  // the body of /metrics; empty: there is none
  std::function<Instant()> now;          // the wall clock where empty

  // Beyond these nobody is refused: who waited longest makes room (ConnectionTable).
  unsigned max_connections = 10000;
  unsigned max_connections_per_client = 100;        // of one IPv4 address or one IPv6 /64
  std::chrono::milliseconds total_deadline{10000};  // a connection ends after this at the latest
  std::chrono::seconds idle_timeout{5};
  size_t max_request_octets = 16384;  // request line and header; libmicrohttpd answers 414 or 431 beyond

  struct Certificate {
    std::string chain, key;  // in PEM; the server's own certificate comes first
  };
  std::optional<Certificate> certificate;  // with one it is HTTPS that is served, TLS 1.2 and 1.3, and nothing else
};

class HttpServer {
 public:
  // Listens and answers at once: 503 until the first publish(), but /healthz. The failure names address and port.
  static Result<std::unique_ptr<HttpServer>> start(HttpOptions options);
  // Of a server that was started with one: what new connections get from now on, from any thread. Those that are open
  // go on. After a failure the certificate before stays in service.
  Status use_certificate(const HttpOptions::Certificate& certificate);

  // Ends all connections and the thread.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  void publish(std::shared_ptr<const HttpContent> content);
  uint16_t port() const;
  ConnectionTable::Counts connections() const;

 private:
  class Implementation;
  explicit HttpServer(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace dnsd
