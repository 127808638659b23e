// A client of DNS over TLS, with its own mind about what a handshake is.
#pragma once

#include <openssl/ssl.h>

#include <optional>

#include "dnsd/tls/handles.h"
#include "small_server.h"

namespace dnsd::transport_test {

struct TlsChoices {
  std::string alpn;             // the one protocol to offer; empty: none
  int version = TLS1_3_VERSION;
  SSL_SESSION* resume = nullptr;
};

class TlsClient {
 public:
  // Connects and shakes hands.
  explicit TlsClient(const SocketAddress& to, const TlsChoices& choices = {});
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  ~TlsClient();

  bool is_connected() const { return connected_; }
  std::string alert() const { return alert_; }  // that ended the handshake, in OpenSSL's words
  std::string alpn() const;
  bool is_resumed() const { return SSL_session_reused(ssl_.get()); }
  std::string subject() const;  // of the server's certificate
  // To resume later; reads what the server sends after the handshake. To be freed.
  SSL_SESSION* session();

  void send(const Message& octets);
  // The next message; empty where the connection ended first.
  Message receive();
  // Whether the server ends the connection, with a close_notify, without another octet.
  bool ends_in_order();
  void half_close() { SSL_shutdown(ssl_.get()); }  // close_notify
  TcpClient& tcp() { return tcp_; }
  SSL* ssl() { return ssl_.get(); }

 private:
  bool receive_exactly(uint8_t* octets, size_t n);

  TcpClient tcp_;
  SslContextHandle context_;
  SslHandle ssl_;
  bool connected_ = false;
  std::string alert_;
};

}  // namespace dnsd::transport_test
