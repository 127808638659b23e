#include "dnsd/tls/identity.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <ctime>

namespace dnsd {
namespace {

// The reason of OpenSSL's oldest error, in its words; the queue is empty afterwards.
std::string reason() {
  const char* words = ERR_reason_error_string(ERR_peek_error());
  std::string text = words ? words : "unknown error";
  ERR_clear_error();
  return text;
}

BioHandle memory(std::string_view text) { return BioHandle(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

std::string text_in(BIO& bio) {
  char* octets = nullptr;
  const long size = BIO_get_mem_data(&bio, &octets);
  return std::string(octets, static_cast<size_t>(size));
}

// Without it OpenSSL would ask for a passphrase on the terminal.
int no_passphrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

bool is_end_of_file() {
  const unsigned long error = ERR_peek_last_error();
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

Instant instant_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return {::timegm(&parts)};
}

Result<std::vector<X509Handle>> certificates_in(std::string_view pem) {
  const BioHandle text = memory(pem);
  std::vector<X509Handle> found;
  while (X509* next = PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr)) found.emplace_back(next);
  if (!is_end_of_file()) return Failure{"certificate " + std::to_string(found.size() + 1) + " is damaged: " + reason()};
  ERR_clear_error();
  if (found.empty()) return Failure{"there is no certificate in it; one in PEM begins with -----BEGIN CERTIFICATE-----"};
  return found;
}

Result<KeyHandle> key_in(std::string_view pem) {
  const BioHandle text = memory(pem);
  bool encrypted = false;
  KeyHandle key(PEM_read_bio_PrivateKey(text.get(), nullptr, no_passphrase, &encrypted));
  const bool none = !key && ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (key) return key;
  if (encrypted) return Failure{"the key is encrypted; write it without a passphrase (`openssl pkey -in … -out …`)"};
  if (none || pem.find("PRIVATE KEY-----") == std::string_view::npos)
    return Failure{"there is no private key in it; one in PEM begins with -----BEGIN PRIVATE KEY-----"};
  return Failure{"the private key is damaged"};
}

}  // namespace

std::variant<TlsIdentity, TlsIdentity::Defect> TlsIdentity::read(std::string_view certificate, std::string_view key) {
  ERR_clear_error();
  TlsIdentity identity;
  Result<std::vector<X509Handle>> certificates = certificates_in(certificate);
  if (!certificates) return Defect{File::certificate, certificates.failure().message};
  identity.certificate_ = std::move(certificates->front());
  certificates->erase(certificates->begin());
  identity.chain_ = std::move(*certificates);
  Result<KeyHandle> private_key = key_in(key);
  if (!private_key) return Defect{File::key, private_key.failure().message};
  identity.key_ = std::move(*private_key);

  const SslContextHandle trial(SSL_CTX_new(TLS_server_method()));
  if (!trial) return Defect{File::certificate, "cannot be used: " + reason()};
  if (SSL_CTX_use_certificate(trial.get(), identity.certificate_.get()) != 1)
    return Defect{File::certificate, "the certificate cannot be used: " + reason()};
  if (X509_check_private_key(identity.certificate_.get(), identity.key_.get()) != 1) {
    ERR_clear_error();
    return Defect{File::key, "the key does not belong to the certificate"};
  }
  if (const Status installed = identity.install(*trial); !installed)
    return Defect{File::certificate, "the certificate cannot be used: " + installed.failure().message};
  return identity;
}

Instant TlsIdentity::not_before() const { return instant_of(X509_get0_notBefore(certificate_.get())); }
Instant TlsIdentity::not_after() const { return instant_of(X509_get0_notAfter(certificate_.get())); }

std::string TlsIdentity::fingerprint() const {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (X509_digest(certificate_.get(), EVP_sha256(), digest, &size) != 1) return {};
  std::string text;
  for (unsigned i = 0; i < size; ++i)
    for (const int nibble : {digest[i] >> 4, digest[i] & 15}) text += "0123456789abcdef"[nibble];
  return text;
}

Result<TlsIdentity::Pem> TlsIdentity::pem() const {
  ERR_clear_error();
  const BioHandle chain(BIO_new(BIO_s_mem())), key(BIO_new(BIO_s_mem()));
  bool good = chain && key && PEM_write_bio_X509(chain.get(), certificate_.get()) == 1;
  for (const X509Handle& link : chain_) good = good && PEM_write_bio_X509(chain.get(), link.get()) == 1;
  good = good && PEM_write_bio_PrivateKey(key.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1;
  if (!good) return Failure{reason()};
  return Pem{text_in(*chain), text_in(*key)};
}

Status TlsIdentity::install(SSL_CTX& context) const {
  ERR_clear_error();
  bool good = SSL_CTX_use_certificate(&context, certificate_.get()) == 1 &&
              SSL_CTX_use_PrivateKey(&context, key_.get()) == 1 && SSL_CTX_clear_chain_certs(&context) == 1;
  for (const X509Handle& link : chain_) good = good && SSL_CTX_add1_chain_cert(&context, link.get()) == 1;
  if (!good) return Failure{reason()};
  return Done{};
}

}  // namespace dnsd
