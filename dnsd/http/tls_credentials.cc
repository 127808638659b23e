#include "dnsd/http/tls_credentials.h"

#include <gnutls/x509.h>

#include <vector>

namespace dnsd {
namespace {

constexpr unsigned max_chain = 16;

thread_local const TlsCredentials* of_this_thread = nullptr;

gnutls_datum_t datum(const std::string& text) {
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(text.data())), static_cast<unsigned>(text.size())};
}

Failure failure(const std::string& what, int error) { return Failure{what + ": " + gnutls_strerror(error)}; }

}  // namespace

struct TlsCredentials::Pair {
  Pair() = default;
  ~Pair() {
    for (gnutls_pcert_st& certificate : chain) gnutls_pcert_deinit(&certificate);
    if (key) gnutls_privkey_deinit(key);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  Status read(const std::string& certificates_pem, const std::string& key_pem) {
    chain.resize(max_chain);
    unsigned count = max_chain;
    gnutls_datum_t text = datum(certificates_pem);
    int error = gnutls_pcert_list_import_x509_raw(chain.data(), &count, &text, GNUTLS_X509_FMT_PEM, 0);
    chain.resize(error < 0 ? 0 : count);
    if (error < 0) return failure("the certificate cannot be used for HTTP", error);
    error = gnutls_privkey_init(&key);
    text = datum(key_pem);
    if (error >= 0) error = gnutls_privkey_import_x509_raw(key, &text, GNUTLS_X509_FMT_PEM, nullptr, 0);
    if (error < 0) return failure("the private key cannot be used for HTTP", error);
    return Done{};
  }

  // GnuTLS takes both as mutable, but leaves them as they are.
  mutable std::vector<gnutls_pcert_st> chain;
  gnutls_privkey_t key = nullptr;
};

TlsCredentials::TlsCredentials(std::chrono::milliseconds longest_connection) : longest_connection_(longest_connection) {}
TlsCredentials::~TlsCredentials() = default;

Status TlsCredentials::use(const std::string& certificates, const std::string& key) {
  auto pair = std::make_shared<Pair>();
  if (const Status read = pair->read(certificates, key); !read) return read;
  const Clock::time_point now = Clock::now();
  const std::lock_guard lock(mutex_);
  while (!retired_.empty() && now - retired_.front().since > longest_connection_) retired_.pop_front();
  if (in_service_) retired_.push_back({std::move(in_service_), now});
  in_service_ = std::move(pair);
  return Done{};
}

void TlsCredentials::serve_on_this_thread() const { of_this_thread = this; }

int TlsCredentials::retrieve(gnutls_session_t, const gnutls_datum_t*, int, const gnutls_pk_algorithm_t*, int,
                             gnutls_pcert_st** certificates, unsigned* count, gnutls_privkey_t* key) {
  if (of_this_thread == nullptr) return -1;
  const std::lock_guard lock(of_this_thread->mutex_);
  const Pair* pair = of_this_thread->in_service_.get();
  if (pair == nullptr) return -1;
  *certificates = pair->chain.data();
  *count = static_cast<unsigned>(pair->chain.size());
  *key = pair->key;
  return 0;
}

}  // namespace dnsd
