// Certificates for tests, made when they are needed.
#pragma once

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace dnsd::testing {

struct TestCertificate {
  std::string certificate;  // in PEM
  std::string key;
};

inline std::string text_of(BIO* bio) {
  char* octets = nullptr;
  const long size = BIO_get_mem_data(bio, &octets);
  std::string text(octets, static_cast<size_t>(size));
  BIO_free(bio);
  return text;
}

inline std::string pem_of(EVP_PKEY* key, const EVP_CIPHER* cipher = nullptr, const char* passphrase = nullptr) {
  BIO* bio = BIO_new(BIO_s_mem());
  const int size = passphrase ? static_cast<int>(std::string(passphrase).size()) : 0;
  EXPECT_EQ(PEM_write_bio_PKCS8PrivateKey(bio, key, cipher, passphrase, size, nullptr, nullptr), 1);
  return text_of(bio);
}

// Self-signed, for `name`, valid from `begin` to `end` in seconds from now.
inline TestCertificate make_certificate(const std::string& name, long begin = -3600, long end = 86400,
                                        EVP_PKEY* with_key = nullptr) {
  EVP_PKEY* key = with_key ? with_key : EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), begin);
  X509_gmtime_adj(X509_getm_notAfter(certificate), end);
  X509_NAME* subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, subject);
  X509_set_pubkey(certificate, key);
  EXPECT_GT(X509_sign(certificate, key, EVP_sha256()), 0);
  BIO* bio = BIO_new(BIO_s_mem());
  EXPECT_EQ(PEM_write_bio_X509(bio, certificate), 1);
  TestCertificate made{text_of(bio), pem_of(key)};
  X509_free(certificate);
  EVP_PKEY_free(key);
  return made;
}

}  // namespace dnsd::testing
