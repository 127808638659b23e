#include "dnsd/http/http_server.h"

#include <microhttpd.h>
#include <pthread.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include "dnsd/http/connection_table.h"
#include "dnsd/http/http_response.h"
#include "dnsd/http/listen_socket.h"
#include "dnsd/http/tls_credentials.h"

namespace dnsd {
namespace {

Instant wall_clock() {
  return {
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

// Connections that were shut down to make room, which libmicrohttpd has not closed yet. It looks at them before it accepts
// more than a few others; should there be more of them, it accepts again when they are gone.
constexpr unsigned about_to_go = 256;

int socket_of(MHD_Connection* connection) {
  const MHD_ConnectionInfo* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info == nullptr ? -1 : info->connect_fd;
}

// All lines of a header field as one (RFC 9110 5.3).
std::string field(MHD_Connection* connection, const char* name) {
  struct Collected {
    const char* name;
    std::string value;
  } collected{name, {}};
  const auto collect = [](void* cls, MHD_ValueKind, const char* key, const char* value) -> MHD_Result {
    auto* into = static_cast<Collected*>(cls);
    if (value == nullptr || strcasecmp(key, into->name) != 0) return MHD_YES;
    if (!into->value.empty()) into->value += ", ";
    into->value += value;
    return MHD_YES;
  };
  MHD_get_connection_values(connection, MHD_HEADER_KIND, collect, &collected);
  return std::move(collected.value);
}

// Beyond a few there is nothing that is looked at.
std::vector<HttpArgument> arguments(MHD_Connection* connection) {
  constexpr size_t most = 16;
  std::vector<HttpArgument> found;
  const auto collect = [](void* cls, MHD_ValueKind, const char* name, const char* value) -> MHD_Result {
    auto* into = static_cast<std::vector<HttpArgument>*>(cls);
    into->push_back({name, value == nullptr ? "" : value});
    return into->size() < most ? MHD_YES : MHD_NO;
  };
  MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, collect, &found);
  return found;
}

// libmicrohttpd speaks of clients that went away and the like: nothing an operator must act on.
void log_message(void*, const char* format, va_list arguments) {
  char text[512];
  std::vsnprintf(text, sizeof text, format, arguments);
  std::string_view line(text);
  while (line.ends_with('\n')) line.remove_suffix(1);
  spdlog::debug("http: {}", line);
}

std::vector<MHD_OptionItem> tls_options() {
  const char* versions = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
  return {{MHD_OPTION_HTTPS_CERT_CALLBACK, 0, reinterpret_cast<void*>(&TlsCredentials::retrieve)},
          {MHD_OPTION_HTTPS_PRIORITIES, 0, const_cast<char*>(versions)},
          {MHD_OPTION_END, 0, nullptr}};
}

// Of the thread that asks: DNS goes first where they share a core. Its name shows in top and ps.
void step_back() {
  constexpr int less_by = 5;
  ::pthread_setname_np(::pthread_self(), "http");
  const auto thread = static_cast<id_t>(::gettid());
  ::setpriority(PRIO_PROCESS, thread, ::getpriority(PRIO_PROCESS, thread) + less_by);
}

// Signals are for the threads of the daemon that wait for them.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

}  // namespace

class HttpServer::Implementation {
 public:
  explicit Implementation(HttpOptions options)
      : options_(std::move(options)),
        connections_({options_.max_connections, options_.max_connections_per_client, options_.total_deadline}),
        tls_(2 * options_.total_deadline) {
    if (!options_.now) options_.now = wall_clock;
  }

  ~Implementation() {
    if (daemon_) MHD_stop_daemon(daemon_);
  }

  Status listen() {
    if (options_.certificate)
      if (const Status used = use_certificate(*options_.certificate); !used) return used;
    const Result<ListenSocket> socket = open_listen_socket(options_.address, options_.port);
    if (!socket) return socket.failure();
    port_ = socket->port;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_ERROR_LOG;
    if (options_.address.family() == Family::ipv6) flags |= MHD_USE_IPv6;
    std::vector<MHD_OptionItem> tls = {{MHD_OPTION_END, 0, nullptr}};
    if (options_.certificate) tls = tls_options();
    if (options_.certificate) flags |= MHD_USE_TLS;
    daemon_ =
        MHD_start_daemon(flags, port_, nullptr, nullptr, handle, this,                                         //
                         MHD_OPTION_EXTERNAL_LOGGER, log_message, nullptr,                                     //
                         MHD_OPTION_LISTEN_SOCKET, static_cast<MHD_socket>(socket->fd),                        //
                         MHD_OPTION_CONNECTION_LIMIT, options_.max_connections + about_to_go,                  //
                         MHD_OPTION_CONNECTION_TIMEOUT, static_cast<unsigned>(options_.idle_timeout.count()),  //
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, options_.max_request_octets,                      //
                         MHD_OPTION_STRICT_FOR_CLIENT, 1,                                                      //
                         MHD_OPTION_ARRAY, tls.data(),                                                         //
                         MHD_OPTION_NOTIFY_CONNECTION, connection_changed, this,                               //
                         MHD_OPTION_NOTIFY_COMPLETED, request_completed, this,                                 //
                         MHD_OPTION_END);
    if (daemon_) return Done{};
    const int error = errno;
    ::close(socket->fd);
    return Failure{std::string("cannot start the HTTP thread: ") + std::strerror(error) +
                   "; see the limits of this process (ulimit -n, -u)"};
  }

  void publish(std::shared_ptr<const HttpContent> content) {
    Published next{std::move(content), std::make_shared<MadeDocuments>()};
    const std::lock_guard lock(mutex_);
    std::swap(published_, next);  // the old one is freed after the lock
  }

  Status use_certificate(const HttpOptions::Certificate& certificate) {
    return tls_.use(certificate.chain, certificate.key);
  }

  uint16_t port() const { return port_; }
  ConnectionTable::Counts connections() const { return connections_.counts(); }

 private:
  // libmicrohttpd calls once when the header is there and again when the body, if any, has passed by.
  static MHD_Result handle(void* cls, MHD_Connection* connection, const char* path, const char* method, const char*,
                           const char*, size_t* upload_size, void** state) {
    static char header_seen;
    const bool reads = std::strcmp(method, MHD_HTTP_METHOD_GET) == 0 ||
                       std::strcmp(method, MHD_HTTP_METHOD_HEAD) == 0 || std::strcmp(method, MHD_HTTP_METHOD_OPTIONS) == 0;
    if (reads && *state == nullptr) {
      *state = &header_seen;
      return MHD_YES;
    }
    if (reads && *upload_size > 0) {
      *upload_size = 0;
      return MHD_YES;
    }
    try {
      return static_cast<Implementation*>(cls)->respond(connection, path, method);
    } catch (const std::exception& e) {  // no memory, or a metrics callback that throws; C code is above us
      spdlog::error("http: request failed: {}", e.what());
      return MHD_NO;
    }
  }

  static void connection_changed(void* cls, MHD_Connection* connection, void**, MHD_ConnectionNotificationCode what) {
    auto* self = static_cast<Implementation*>(cls);
    if (!std::exchange(self->thread_is_set_up_, true)) {
      self->tls_.serve_on_this_thread();
      step_back();
    }
    const int socket = socket_of(connection);
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) return self->connections_.closed(socket);
    const MHD_ConnectionInfo* client = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (client != nullptr && client->client_addr != nullptr) self->connections_.opened(socket, *client->client_addr);
  }

  static void request_completed(void* cls, MHD_Connection* connection, void**, MHD_RequestTerminationCode) {
    static_cast<Implementation*>(cls)->connections_.answered(socket_of(connection));
  }

  MHD_Result respond(MHD_Connection* connection, const char* path, const char* method) {
    connections_.asked(socket_of(connection));
    const Published published = current();
    const HttpRequest request{method, path, field(connection, MHD_HTTP_HEADER_IF_NONE_MATCH),
                              field(connection, MHD_HTTP_HEADER_IF_MODIFIED_SINCE),
                              field(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING),
                              field(connection, MHD_HTTP_HEADER_ACCEPT), arguments(connection)};
    const HttpSite site{published.content.get(), options_.metrics ? &options_.metrics : nullptr, published.made.get()};
    HttpResponse response = http_respond(request, site, options_.now());
    if (!response.owner) response.owner = published.content;
    return send(connection, response);
  }

  MHD_Result send(MHD_Connection* connection, const HttpResponse& response) {
    auto owner = std::make_unique<std::shared_ptr<const void>>(response.owner);
    const auto let_go = [](void* shared) { delete static_cast<std::shared_ptr<const void>*>(shared); };
    MHD_Response* out = MHD_create_response_from_buffer_with_free_callback_cls(
        response.body.size(), const_cast<char*>(response.body.data()), let_go, owner.get());
    if (out == nullptr) return MHD_NO;
    owner.release();
    for (const HttpField& f : response.fields)
      MHD_add_response_header(out, std::string(f.name).c_str(), f.value.c_str());
    if (connections_.is_ageing(socket_of(connection)))
      MHD_add_response_header(out, MHD_HTTP_HEADER_CONNECTION, "close");
    const MHD_Result queued = MHD_queue_response(connection, response.status, out);
    MHD_destroy_response(out);
    return queued;
  }

  // A content and, for the HTTP thread alone, what it made on request.
  struct Published {
    std::shared_ptr<const HttpContent> content;
    std::shared_ptr<MadeDocuments> made;
  };

  Published current() const {
    const std::lock_guard lock(mutex_);
    return published_;
  }

  HttpOptions options_;
  ConnectionTable connections_;
  TlsCredentials tls_;
  mutable std::mutex mutex_;
  Published published_;
  bool thread_is_set_up_ = false;  // for the HTTP thread alone
  MHD_Daemon* daemon_ = nullptr;
  uint16_t port_ = 0;
};

HttpServer::HttpServer(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpOptions options) {
  const SignalsBlocked blocked;
  auto implementation = std::make_unique<Implementation>(std::move(options));
  const Status listening = implementation->listen();
  if (!listening) return listening.failure();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(implementation)));
}

void HttpServer::publish(std::shared_ptr<const HttpContent> content) { implementation_->publish(std::move(content)); }
Status HttpServer::use_certificate(const HttpOptions::Certificate& certificate) {
  return implementation_->use_certificate(certificate);
}
ConnectionTable::Counts HttpServer::connections() const { return implementation_->connections(); }
uint16_t HttpServer::port() const { return implementation_->port(); }

}  // namespace dnsd
