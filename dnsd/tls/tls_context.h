// How connections are secured: DNS over TLS (RFC 7858) as RFC 9325 wants TLS to be used.
//
//   TLS 1.2 and 1.3; forward secrecy and authenticated encryption only; no compression, no renegotiation, no early
//   data; session tickets; ALPN "dot" (RFC 7858 errata, RFC 9103 7.1) for clients that offer any.
//
// Thread safety: any thread. Must outlive the connections made from it.
#pragma once

#include <memory>
#include <mutex>

#include "base/result.h"
#include "dnsd/tls/identity.h"
#include "dnsd/tls/ticket_keys.h"

namespace dnsd {

class TlsContext {
 public:
  TlsContext() = default;
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  // New connections show this identity from now on; those that are open go on with what they have. After a failure
  // all is as before.
  Status use(const TlsIdentity& identity);

  // The server's side of a new connection, before its handshake and without a socket. Null before the first use(),
  // and where memory runs out.
  SslHandle new_connection() const;

 private:
  mutable std::mutex mutex_;
  SslContextHandle current_;
  TicketKeys ticket_keys_;
};

}  // namespace dnsd
