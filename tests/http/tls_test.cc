// HTTP over TLS: the certificate, its replacement, and clients that are no TLS clients.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <atomic>
#include <thread>

#include "dnsd/http/http_server.h"
#include "raw_client.h"
#include "test_certificate.h"

namespace dnsd {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using testing::make_certificate;

HttpOptions::Certificate certificate(const std::string& name, const std::string& above = {}) {
  const testing::TestCertificate made = make_certificate(name);
  return {made.certificate + above, made.key};
}

std::unique_ptr<HttpServer> start(const HttpOptions::Certificate& first) {
  HttpOptions options;
  options.address = *IpAddress::parse("127.0.0.1");
  options.certificate = first;
  options.total_deadline = 2000ms;
  Result<std::unique_ptr<HttpServer>> server = HttpServer::start(std::move(options));
  EXPECT_TRUE(server) << server.failure().message;
  return std::move(*server);
}

class TlsClient {
 public:
  explicit TlsClient(uint16_t port, int version = TLS1_3_VERSION) : tcp_(port), context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_min_proto_version(context_, version);
    SSL_CTX_set_max_proto_version(context_, version);
    SSL_CTX_set_security_level(context_, 0);  // TLS 1.1 is to be refused by the server, not by the client
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, tcp_.fd());
    connected_ = SSL_connect(ssl_) == 1;
  }
  ~TlsClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  bool connected() const { return connected_; }
  std::string subject() const {
    X509* shown = SSL_get1_peer_certificate(ssl_);
    if (!shown) return {};
    char text[256] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(shown), NID_commonName, text, sizeof text);
    X509_free(shown);
    return text;
  }
  int chain_length() const { return sk_X509_num(SSL_get_peer_cert_chain(ssl_)); }
  std::string ask(const std::string& path, const std::string& fields = "Connection: close\r\n") {
    const std::string request = "GET " + path + " HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n";
    SSL_write(ssl_, request.data(), static_cast<int>(request.size()));
    std::string response;
    char buffer[4096];
    while (!response.ends_with("ok\n") || fields.find("close") != std::string::npos) {
      const int n = SSL_read(ssl_, buffer, sizeof buffer);
      if (n <= 0) break;
      response.append(buffer, static_cast<size_t>(n));
    }
    return response;
  }

 private:
  RawClient tcp_;
  SSL_CTX* context_;
  SSL* ssl_ = nullptr;
  bool connected_ = false;
};

TEST(HttpTls, ServesWithTheCertificateAndItsChain) {
  const auto server = start(certificate("feed.example", make_certificate("ca.example").certificate));
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(server->port(), version);
    ASSERT_TRUE(client.connected()) << version;
    EXPECT_EQ(client.subject(), "feed.example");
    EXPECT_EQ(client.chain_length(), 2);
    EXPECT_THAT(client.ask("/healthz"), StartsWith("HTTP/1.1 200 "));
  }
  EXPECT_FALSE(TlsClient(server->port(), TLS1_1_VERSION).connected());
}

TEST(HttpTls, KeysOfEveryUsualKind) {
  for (EVP_PKEY* key : {EVP_RSA_gen(2048), EVP_EC_gen("P-256"), EVP_EC_gen("P-384")}) {
    const testing::TestCertificate made = make_certificate("feed.example", -60, 3600, key);
    const auto server = start({made.certificate, made.key});
    EXPECT_THAT(TlsClient(server->port()).ask("/healthz"), StartsWith("HTTP/1.1 200 "));
  }
}

TEST(HttpTls, AReplacedCertificateIsForNewConnections) {
  const auto server = start(certificate("first.example"));
  TlsClient open(server->port());
  ASSERT_TRUE(open.connected());
  const RawClient shaking(server->port());  // connected, but not begun
  ASSERT_TRUE(server->use_certificate(certificate("second.example")));
  EXPECT_EQ(TlsClient(server->port()).subject(), "second.example");
  EXPECT_EQ(open.subject(), "first.example");
  EXPECT_THAT(open.ask("/healthz", ""), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(open.ask("/healthz"), StartsWith("HTTP/1.1 200 "));
}

TEST(HttpTls, ABrokenCertificateLeavesTheOneBefore) {
  const auto server = start(certificate("first.example"));
  const auto good = certificate("second.example");
  for (const auto& broken : {HttpOptions::Certificate{"nothing", good.key}, HttpOptions::Certificate{good.chain, "nothing"},
                             HttpOptions::Certificate{}}) {
    const Status used = server->use_certificate(broken);
    ASSERT_FALSE(used);
    EXPECT_THAT(used.failure().message, HasSubstr("cannot be used for HTTP: "));
  }
  EXPECT_EQ(TlsClient(server->port()).subject(), "first.example");
}

TEST(HttpTls, DoesNotStartWithoutAGoodOne) {
  HttpOptions options;
  options.address = *IpAddress::parse("127.0.0.1");
  options.certificate.emplace();
  const auto server = HttpServer::start(std::move(options));
  ASSERT_FALSE(server.ok());
  EXPECT_THAT(server.failure().message, StartsWith("the certificate cannot be used for HTTP: "));
}

TEST(HttpTls, TwoServersHaveEachItsOwn) {
  const auto one = start(certificate("one.example")), two = start(certificate("two.example"));
  EXPECT_EQ(TlsClient(one->port()).subject(), "one.example");
  EXPECT_EQ(TlsClient(two->port()).subject(), "two.example");
  EXPECT_EQ(TlsClient(one->port()).subject(), "one.example");
}

TEST(HttpTls, PlainHttpIsNotServed) {
  const auto server = start(certificate("feed.example"));
  EXPECT_THAT(exchange(server->port(), "GET /healthz"), Not(HasSubstr("200")));
  EXPECT_THAT(TlsClient(server->port()).ask("/healthz"), StartsWith("HTTP/1.1 200 "));
}

// Without a word, or in the middle of the handshake: the deadline of a connection holds all the same.
TEST(HttpTls, AHandshakeThatStopsIsCutOff) {
  const auto server = start(certificate("feed.example"));
  for (const std::string begun : {"", "\x16\x03\x01\x02"}) {
    RawClient client(server->port());
    client.send(begun);
    const auto began = std::chrono::steady_clock::now();
    client.read(SIZE_MAX, 6s);
    EXPECT_TRUE(client.closed_by_server());
    EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
  }
}

TEST(HttpTls, ReplacedWhileClientsShakeHands) {
  const auto server = start(certificate("feed.example"));
  std::atomic<bool> done = false;
  std::atomic<int> good = 0, bad = 0;
  std::vector<std::thread> clients;
  for (int c = 0; c < 2; ++c)
    clients.emplace_back([&] {
      while (!done) ++(TlsClient(server->port()).ask("/healthz").starts_with("HTTP/1.1 200 ") ? good : bad);
    });
  const auto next = certificate("feed.example");
  for (int i = 0; i < 300; ++i) {
    EXPECT_TRUE(server->use_certificate(next));
    std::this_thread::sleep_for(1ms);
  }
  done = true;
  for (std::thread& client : clients) client.join();
  EXPECT_GT(good, 10);
  EXPECT_EQ(bad, 0);
}

}  // namespace
}  // namespace dnsd
