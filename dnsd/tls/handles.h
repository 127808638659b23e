// Objects of OpenSSL that free themselves.
#pragma once

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

namespace dnsd {

struct OpenSslFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

using BioHandle = std::unique_ptr<BIO, OpenSslFree>;
using KeyHandle = std::unique_ptr<EVP_PKEY, OpenSslFree>;
using SslHandle = std::unique_ptr<SSL, OpenSslFree>;
using SslContextHandle = std::unique_ptr<SSL_CTX, OpenSslFree>;
using X509Handle = std::unique_ptr<X509, OpenSslFree>;

}  // namespace dnsd
