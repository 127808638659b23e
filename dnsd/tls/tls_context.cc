#include "dnsd/tls/tls_context.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rand.h>

#include <algorithm>
#include <chrono>

namespace dnsd {
namespace {

// RFC 9325 4.2; those of TLS 1.3 are all of this kind.
constexpr const char* ciphers_of_tls12 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr unsigned char protocols[] = {3, 'd', 'o', 't'};

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size, const unsigned char* offered,
                    unsigned offered_size, void*) {
  unsigned char* found = nullptr;
  const int match = SSL_select_next_proto(&found, chosen_size, protocols, sizeof protocols, offered, offered_size);
  *chosen = found;
  // ALERT_FATAL sends no_application_protocol (RFC 7301 3.2).
  return match == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

bool set_up_ticket(const TicketKey& key, const unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, bool seals) {
  char digest[] = "SHA256";
  TicketKey copy = key;
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, copy.mac.data(), copy.mac.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end()};
  return EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.cipher.data(), iv, seals) == 1 &&
         EVP_MAC_CTX_set_params(mac, parameters) == 1;
}

// SSL_CTX_set_tlsext_ticket_key_evp_cb(3): below 0 an error, 0 no ticket or no such key, 1 done.
int on_ticket(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, int seals) {
  TicketKeys& keys = *static_cast<TicketKeys*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  const TicketKeys::Time now = std::chrono::steady_clock::now();
  const std::optional<TicketKey> key = seals ? keys.seals(now) : keys.opens(name, now);
  if (!key) return seals ? -1 : 0;
  if (seals) {
    std::ranges::copy(key->name, name);
    if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1) return -1;
  }
  return set_up_ticket(*key, iv, cipher, mac, seals) ? 1 : -1;
}

bool configure(SSL_CTX& context, TicketKeys& keys) {
  SSL_CTX_set_options(&context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                    SSL_OP_PRIORITIZE_CHACHA |
                                    // Messages have their length: a stream that is cut off cannot be taken for a whole.
                                    SSL_OP_IGNORE_UNEXPECTED_EOF);
  // Partial writes from a buffer that grows and moves; nothing is kept for connections that are idle.
  SSL_CTX_set_mode(&context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                 SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);  // tickets are the client's to keep
  SSL_CTX_set_timeout(&context, std::chrono::seconds(TicketKeys::lifetime).count());
  SSL_CTX_set_max_early_data(&context, 0);
  SSL_CTX_set_read_ahead(&context, 1);
  SSL_CTX_set_alpn_select_cb(&context, choose_protocol, nullptr);
  SSL_CTX_set_app_data(&context, &keys);
  return SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(&context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(&context, ciphers_of_tls12) == 1 &&
         SSL_CTX_set_tlsext_ticket_key_evp_cb(&context, on_ticket) == 1;
}

}  // namespace

Status TlsContext::use(const TlsIdentity& identity) {
  ERR_clear_error();
  SslContextHandle next(SSL_CTX_new(TLS_server_method()));
  if (!next || !configure(*next, ticket_keys_)) {
    ERR_clear_error();
    return Failure{"TLS cannot be set up with this OpenSSL"};
  }
  if (Status installed = identity.install(*next); !installed) return installed;
  const std::lock_guard lock(mutex_);
  current_.swap(next);
  return Done{};
}

SslHandle TlsContext::new_connection() const {
  const std::lock_guard lock(mutex_);
  if (!current_) return nullptr;
  SslHandle connection(SSL_new(current_.get()));
  if (connection) SSL_set_accept_state(connection.get());
  return connection;
}

}  // namespace dnsd
