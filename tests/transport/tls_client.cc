#include "tls_client.h"

#include <openssl/err.h>

#include <csignal>

namespace dnsd::transport_test {

TlsClient::TlsClient(const SocketAddress& to, const TlsChoices& choices)
    : tcp_(to), context_(SSL_CTX_new(TLS_client_method())), ssl_(SSL_new(context_.get())) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL's own sockets raise it; the server's must not, whether it is ignored or not
  const timeval patience{10, 0};
  ::setsockopt(tcp_.fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  SSL_set_min_proto_version(ssl_.get(), choices.version);
  SSL_set_max_proto_version(ssl_.get(), choices.version);
  if (!choices.alpn.empty()) {
    const std::string list = static_cast<char>(choices.alpn.size()) + choices.alpn;
    SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(list.data()), static_cast<unsigned>(list.size()));
  }
  if (choices.resume) SSL_set_session(ssl_.get(), choices.resume);
  SSL_set_fd(ssl_.get(), tcp_.fd());
  ERR_clear_error();
  connected_ = SSL_connect(ssl_.get()) == 1;
  if (const char* words = ERR_reason_error_string(ERR_peek_error()); words && !connected_) alert_ = words;
}

// Without a goodbye OpenSSL would take the session for a bad one.
TlsClient::~TlsClient() {
  if (connected_) SSL_shutdown(ssl_.get());
}

std::string TlsClient::alpn() const {
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &chosen, &size);
  return {reinterpret_cast<const char*>(chosen), size};
}

std::string TlsClient::subject() const {
  const X509Handle certificate(SSL_get1_peer_certificate(ssl_.get()));
  char name[100] = "";
  if (certificate)
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name, sizeof name);
  return name;
}

SSL_SESSION* TlsClient::session() {
  send(framed(query("www.example.", 1, 1)));
  EXPECT_FALSE(receive().empty());
  SSL_SESSION* session = SSL_get1_session(ssl_.get());
  EXPECT_TRUE(session && SSL_SESSION_is_resumable(session));
  return session;
}

void TlsClient::send(const Message& octets) {
  EXPECT_EQ(SSL_write(ssl_.get(), octets.data(), static_cast<int>(octets.size())), static_cast<int>(octets.size()));
}

bool TlsClient::receive_exactly(uint8_t* octets, size_t n) {
  for (size_t have = 0; have < n;) {
    size_t received = 0;
    if (SSL_read_ex(ssl_.get(), octets + have, n - have, &received) != 1) return false;
    have += received;
  }
  return true;
}

Message TlsClient::receive() {
  uint8_t prefix[2];
  if (!receive_exactly(prefix, 2)) return {};
  Message message(load16(prefix));
  if (!receive_exactly(message.data(), message.size())) return {};
  return message;
}

bool TlsClient::ends_in_order() {
  uint8_t octet;
  return !receive_exactly(&octet, 1) && (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN);
}

}  // namespace dnsd::transport_test
