#include "dnsd/tls/identity.h"

#include <gtest/gtest.h>

#include <ctime>

#include "test_certificate.h"

namespace dnsd {
namespace {

using testing::make_certificate;
using testing::TestCertificate;

// Which file is wrong and why, "key: …"; empty where all is well.
std::string defect(const std::string& certificate, const std::string& key) {
  const auto read = TlsIdentity::read(certificate, key);
  const auto* found = std::get_if<TlsIdentity::Defect>(&read);
  if (!found) return "";
  return (found->file == TlsIdentity::File::key ? "key: " : "certificate: ") + found->message;
}

TEST(TlsIdentity, WrittenAnewItIsTheSame) {
  const TestCertificate made = make_certificate("ns.example"), above = make_certificate("ca.example");
  const auto read = TlsIdentity::read("text before\n" + made.certificate + above.certificate, made.key);
  const auto pem = std::get<TlsIdentity>(read).pem();
  ASSERT_TRUE(pem.ok());
  EXPECT_EQ(pem->chain, made.certificate + above.certificate);
  EXPECT_EQ(pem->key, made.key);
  EXPECT_EQ(defect(pem->chain, pem->key), "");
}

TEST(TlsIdentity, ACertificateAndItsKey) {
  const TestCertificate made = make_certificate("ns.example", -60, 7200);
  const auto read = TlsIdentity::read(made.certificate, made.key);
  const auto* identity = std::get_if<TlsIdentity>(&read);
  ASSERT_TRUE(identity) << defect(made.certificate, made.key);
  EXPECT_NEAR(static_cast<double>(identity->not_before().seconds), static_cast<double>(std::time(nullptr) - 60), 10);
  EXPECT_NEAR(static_cast<double>(identity->not_after().seconds), static_cast<double>(std::time(nullptr) + 7200), 10);
  EXPECT_EQ(identity->fingerprint().size(), 64u);
}

TEST(TlsIdentity, TheChainFollowsTheCertificate) {
  const TestCertificate made = make_certificate("ns.example"), above = make_certificate("ca.example");
  EXPECT_EQ(defect(made.certificate + "some words\n" + above.certificate, made.key), "");
  EXPECT_EQ(defect(above.certificate + made.certificate, made.key), "key: the key does not belong to the certificate");
}

TEST(TlsIdentity, OneFileMayHoldBoth) {
  const TestCertificate made = make_certificate("ns.example");
  EXPECT_EQ(defect(made.certificate + made.key, made.certificate + made.key), "");
}

TEST(TlsIdentity, SaysWhatIsWrong) {
  const TestCertificate made = make_certificate("ns.example"), other = make_certificate("ns.example");
  EXPECT_EQ(defect("", made.key),
            "certificate: there is no certificate in it; one in PEM begins with -----BEGIN CERTIFICATE-----");
  EXPECT_EQ(defect(made.key, made.key),
            "certificate: there is no certificate in it; one in PEM begins with -----BEGIN CERTIFICATE-----");
  EXPECT_EQ(defect(made.certificate, ""),
            "key: there is no private key in it; one in PEM begins with -----BEGIN PRIVATE KEY-----");
  EXPECT_EQ(defect(made.certificate, made.certificate),
            "key: there is no private key in it; one in PEM begins with -----BEGIN PRIVATE KEY-----");
  EXPECT_EQ(defect(made.certificate, other.key), "key: the key does not belong to the certificate");
}

TEST(TlsIdentity, DamagedFiles) {
  const TestCertificate made = make_certificate("ns.example");
  std::string half = made.certificate.substr(0, made.certificate.size() / 2);
  EXPECT_EQ(defect(half, made.key).substr(0, 38), "certificate: certificate 1 is damaged:") << defect(half, made.key);
  EXPECT_EQ(defect(made.certificate + half, made.key).substr(0, 38), "certificate: certificate 2 is damaged:");
  EXPECT_EQ(defect(made.certificate, made.key.substr(0, made.key.size() / 2)), "key: the private key is damaged");
  std::string changed = made.key;
  changed.replace(40, 20, 20, 'A');
  EXPECT_EQ(defect(made.certificate, changed), "key: the private key is damaged");
}

TEST(TlsIdentity, AKeyWithAPassphraseIsNotAskedFor) {
  const TestCertificate made = make_certificate("ns.example");
  BIO* bio = BIO_new_mem_buf(made.key.data(), static_cast<int>(made.key.size()));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  EXPECT_EQ(defect(made.certificate, testing::pem_of(key, EVP_aes_128_cbc(), "secret")),
            "key: the key is encrypted; write it without a passphrase (`openssl pkey -in … -out …`)");
  EVP_PKEY_free(key);
}

TEST(TlsIdentity, AKeyTooShortForOpenSslIsADefectBeforeItIsServed) {
  const TestCertificate made = make_certificate("ns.example", -60, 3600, EVP_RSA_gen(512));
  EXPECT_EQ(defect(made.certificate, made.key), "certificate: the certificate cannot be used: ee key too small");
}

}  // namespace
}  // namespace dnsd
