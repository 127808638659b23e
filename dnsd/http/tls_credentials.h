// The certificate and key of HTTP over TLS, in the form of GnuTLS, which libmicrohttpd speaks TLS with. They can be
// replaced while connections run: whoever began to shake hands goes on with those it began with.
//
// Thread safety: use() may be called from any thread. libmicrohttpd asks retrieve() on the thread of a server, which says
// before by serve_on_this_thread() whose certificate that is: GnuTLS hands the callback nothing else to tell by.
#pragma once

#include <gnutls/abstract.h>

#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"

namespace dnsd {

class TlsCredentials {
 public:
  // What was replaced is kept for so long: a handshake, and with it a connection, must be over by then.
  explicit TlsCredentials(std::chrono::milliseconds longest_connection);
  ~TlsCredentials();

  // In PEM: the server's certificate first, then those that lead from it towards a root; and its private key. After a
  // failure those before stay in service.
  Status use(const std::string& certificates, const std::string& key);

  void serve_on_this_thread() const;
  // A gnutls_certificate_retrieve_function2. Without a certificate the handshake fails.
  static int retrieve(gnutls_session_t, const gnutls_datum_t*, int, const gnutls_pk_algorithm_t*, int,
                      gnutls_pcert_st** certificates, unsigned* count, gnutls_privkey_t* key);

 private:
  using Clock = std::chrono::steady_clock;
  struct Pair;
  struct Retired {
    std::shared_ptr<const Pair> pair;
    Clock::time_point since;
  };

  const std::chrono::milliseconds longest_connection_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Pair> in_service_;
  std::list<Retired> retired_;  // the oldest comes first
};

}  // namespace dnsd
