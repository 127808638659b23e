// What a TLS server shows and what proves it: a certificate, the chain above it, and the private key. Read from PEM.
//
// Thread safety: immutable; OpenSSL counts references to its parts atomically.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "dnsd/tls/handles.h"

namespace dnsd {

class TlsIdentity {
 public:
  // Which of the two files a failure is about.
  enum class File : uint8_t { certificate, key };
  struct Defect {
    File file;
    std::string message;
  };

  // `certificate`: the server's certificate first, then those that lead from it towards a root, as `fullchain.pem`.
  // `key`: its private key, without a passphrase. Whatever OpenSSL would refuse to serve is a defect here: a key that
  // does not match, one too short for its security level. The time is not looked at.
  static std::variant<TlsIdentity, Defect> read(std::string_view certificate, std::string_view key);

  Instant not_before() const;
  Instant not_after() const;
  std::string fingerprint() const;  // SHA-256 of the server's certificate in hexadecimal digits

  // Written anew in PEM, for a TLS library of another make: certificate and chain, and the key as PKCS #8.
  struct Pem {
    std::string chain, key;
  };
  Result<Pem> pem() const;

  // Makes a context serve it. A failure is one of memory: read() has tried the rest.
  Status install(SSL_CTX& context) const;

 private:
  X509Handle certificate_;
  std::vector<X509Handle> chain_;
  KeyHandle key_;
};

}  // namespace dnsd
