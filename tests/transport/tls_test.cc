// DNS over TLS, server and client in one process.
#include <fcntl.h>
#include <gtest/gtest.h>

#include <thread>

#include "dnsd/transport/tcp.h"
#include "test_certificate.h"
#include "tls_client.h"
#include "zones/rr_types.h"

namespace dnsd::transport_test {
namespace {

using dnsd::testing::make_certificate;
using std::chrono::milliseconds;

class Tls : public ::testing::Test {
 protected:
  Tls() { use("first.example"); }
  void use(const std::string& name) {
    const dnsd::testing::TestCertificate made = make_certificate(name);
    const auto read = TlsIdentity::read(made.certificate, made.key);
    ASSERT_TRUE(std::holds_alternative<TlsIdentity>(read));
    EXPECT_TRUE(context.use(std::get<TlsIdentity>(read)));
  }
  void start(ServerOptions options = {}, unsigned workers = 2) {
    options.tls = &context;
    server = std::make_unique<SmallServer>(std::vector<std::string>{"127.0.0.1"}, options, workers);
  }
  static ServerOptions with_timeout(int ms) {
    ServerOptions options;
    options.tcp.idle_timeout = milliseconds(ms);
    return options;
  }

  TlsContext context;
  std::unique_ptr<SmallServer> server;
};

Message www(uint16_t id) { return framed(query("www.example.", rr_type::A, id)); }
Message times(unsigned count, const Message& message) {
  Message all;
  for (unsigned i = 0; i < count; ++i) all.insert(all.end(), message.begin(), message.end());
  return all;
}
const Message big = framed(query("big.example.", rr_type::TXT, 1));

TEST_F(Tls, Answers) {
  start();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(server->at_tls(), {"dot", version});
    ASSERT_TRUE(client.is_connected()) << client.alert();
    EXPECT_EQ(client.alpn(), "dot");
    client.send(www(42));
    EXPECT_EQ(id_of(client.receive()), 42);
  }
  EXPECT_TRUE(server->reaches(Counter::tls_open, 0));
  EXPECT_EQ(server->count(Counter::tls_handshakes), 2u);
  EXPECT_EQ(server->count(Counter::tls_responses), 2u);
  EXPECT_EQ(server->count(Counter::tls_handshake_failures), 0u);
  EXPECT_EQ(server->count(Counter::tcp_connections), 2u);
  EXPECT_EQ(server->count(Counter::tcp_queries), 0u);
}

TEST_F(Tls, AlpnIsDotOrNone) {
  start();
  TlsClient none(server->at_tls());
  EXPECT_TRUE(none.is_connected());
  EXPECT_EQ(none.alpn(), "");
  TlsClient other(server->at_tls(), {"h2"});
  EXPECT_FALSE(other.is_connected());
  EXPECT_NE(other.alert().find("no application protocol"), std::string::npos) << other.alert();
  EXPECT_TRUE(server->reaches(Counter::tls_handshake_failures, 1));
}

TEST_F(Tls, OldVersionsAreRefused) {
  start();
  TlsClient old(server->at_tls(), {"dot", TLS1_1_VERSION});
  EXPECT_FALSE(old.is_connected());
}

TEST_F(Tls, PipelinedAndDribbled) {
  start();
  TlsClient client(server->at_tls());
  Message octets;
  for (uint16_t id = 1; id <= 1000; ++id) {
    const Message one = www(id);
    octets.insert(octets.end(), one.begin(), one.end());
  }
  client.send(octets);
  for (uint16_t id = 1; id <= 1000; ++id) ASSERT_EQ(id_of(client.receive()), id);
  for (const uint8_t octet : www(7)) client.send({octet});  // a record each
  EXPECT_EQ(id_of(client.receive()), 7);
}

TEST_F(Tls, TheLongestAnswerThereCanBe) {
  start();
  TlsClient client(server->at_tls());
  client.send(framed(query("most.example.", rr_type::TXT, 1)));
  EXPECT_EQ(client.receive().size(), 65535u);
}

// While answers wait, queries wait in the records that OpenSSL has taken from the socket already.
TEST_F(Tls, NoQueryIsForgottenWhileAnswersWait) {
  start();
  TlsClient client(server->at_tls());
  client.send(times(200, big));
  std::this_thread::sleep_for(milliseconds(50));
  for (int i = 0; i < 200; ++i) ASSERT_GT(client.receive().size(), 40000u) << i;
}

TEST_F(Tls, AClientThatHasSaidGoodbyeStillGetsItsAnswers) {
  start();
  TlsClient client(server->at_tls());
  client.send(times(100, www(1)));
  client.half_close();
  for (int i = 0; i < 100; ++i) ASSERT_EQ(id_of(client.receive()), 1) << i;
  EXPECT_TRUE(client.ends_in_order());
}

TEST_F(Tls, AnIdleConnectionEndsWithAGoodbye) {
  start(with_timeout(200));
  TlsClient client(server->at_tls());
  client.send(www(1));
  EXPECT_EQ(id_of(client.receive()), 1);
  EXPECT_TRUE(client.ends_in_order());
  EXPECT_TRUE(server->reaches(Counter::tcp_timed_out, 1));
  EXPECT_EQ(server->count(Counter::tls_handshake_failures), 0u);
}

TEST_F(Tls, AHandshakeIsIdleTime) {
  start(with_timeout(200));
  TcpClient silent(server->at_tls()), slow(server->at_tls());
  const auto begin = std::chrono::steady_clock::now();
  slow.send({22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3});  // the beginning of a ClientHello
  while (!slow.ends(milliseconds(10)) && std::chrono::steady_clock::now() - begin < std::chrono::seconds(5))
    ::send(slow.fd(), "x", 1, MSG_NOSIGNAL);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
  EXPECT_TRUE(silent.ends());
  EXPECT_TRUE(server->reaches(Counter::tls_handshake_failures, 2));
}

TEST_F(Tls, WhatIsNoTlsEndsTheConnection) {
  start();
  unsigned failures = 0;
  for (const Message& octets : {www(1), Message(3000, 0), Message{'G', 'E', 'T', ' ', '/', '\r', '\n', '\r', '\n'},
                                Message{22, 3, 1, 0xff, 0xff, 1, 2, 3}}) {
    TcpClient client(server->at_tls());
    client.send(octets);
    if (octets[0] == 22) client.half_close();
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!client.ends(milliseconds(100)) && std::chrono::steady_clock::now() < until) {
    }  // an alert may come first
    EXPECT_TRUE(server->reaches(Counter::tls_handshake_failures, ++failures));
  }
  EXPECT_TRUE(server->reaches(Counter::tcp_open, 0));
  EXPECT_EQ(server->count(Counter::tls_queries) + server->count(Counter::tcp_queries), 0u);
}

TEST_F(Tls, GarbageInsideEndsItAfterTheAnswersBeforeIt) {
  start();
  TlsClient client(server->at_tls());
  Message octets = www(1);
  octets.insert(octets.end(), {0, 0});
  client.send(octets);
  EXPECT_EQ(id_of(client.receive()), 1);
  EXPECT_TRUE(client.ends_in_order());
}

TEST_F(Tls, ARecordThatWasChangedEndsTheConnection) {
  start();
  TlsClient client(server->at_tls());
  client.send(www(1));
  EXPECT_EQ(id_of(client.receive()), 1);
  client.tcp().send({23, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20});
  EXPECT_TRUE(client.receive().empty());
  EXPECT_TRUE(server->reaches(Counter::tcp_open, 0));
  EXPECT_EQ(server->count(Counter::tls_handshake_failures), 0u);
}

TEST_F(Tls, AClientThatNeverReadsIsNotReadAndCutOff) {
  start(with_timeout(300), 1);
  TlsClient client(server->at_tls());
  ASSERT_TRUE(client.is_connected());
  ::fcntl(client.tcp().fd(), F_SETFL, O_NONBLOCK);
  SSL_set_mode(client.ssl(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  const Message queries = times(1000, big);
  for (size_t sent = 0, n = 0; sent < queries.size(); sent += n)
    if (SSL_write_ex(client.ssl(), &queries[sent], queries.size() - sent, &n) != 1) break;
  UdpClient other;
  EXPECT_EQ(id_of(other.ask(server->at(), query("www.example.", rr_type::A, 9))), 9);
  EXPECT_TRUE(server->reaches(Counter::tcp_timed_out, 1));
  EXPECT_LT(server->count(Counter::tls_queries), 1000u);
  EXPECT_EQ(server->count(Counter::tcp_open), 0u);
}

TEST_F(Tls, SharesTheLimitsOfTcp) {
  ServerOptions options;
  options.tcp.connections = 2;
  start(options, 1);
  TlsClient first(server->at_tls());
  first.send(www(1));
  EXPECT_EQ(id_of(first.receive()), 1);
  TcpClient second(server->at());
  second.send(www(2));
  EXPECT_EQ(id_of(second.receive()), 2);
  TcpClient third(server->at());
  third.send(www(3));
  EXPECT_EQ(id_of(third.receive()), 3);
  EXPECT_TRUE(first.ends_in_order());
  EXPECT_EQ(server->count(Counter::tcp_evicted), 1u);
}

TEST_F(Tls, TicketsAreGoodAtEveryWorkerAndAfterANewCertificate) {
  start({}, 3);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    SSL_SESSION* session = TlsClient(server->at_tls(), {"dot", version}).session();
    for (int i = 0; i < 12; ++i) {
      if (i == 6) use("next.example");
      TlsClient again(server->at_tls(), {"dot", version, session});
      ASSERT_TRUE(again.is_connected()) << again.alert();
      EXPECT_TRUE(again.is_resumed()) << i;
      again.send(www(1));
      EXPECT_EQ(id_of(again.receive()), 1);
    }
    SSL_SESSION_free(session);
  }
  EXPECT_EQ(server->count(Counter::tls_resumptions), 24u);
  EXPECT_EQ(server->count(Counter::tls_handshakes), 26u);
}

TEST_F(Tls, ANewCertificateIsForNewConnections) {
  start();
  TlsClient old(server->at_tls());
  EXPECT_EQ(old.subject(), "first.example");
  use("next.example");
  TlsClient fresh(server->at_tls());
  EXPECT_EQ(fresh.subject(), "next.example");
  for (TlsClient* client : {&old, &fresh}) {
    client->send(www(1));
    EXPECT_EQ(id_of(client->receive()), 1);
  }
}

// For the thread sanitizer: certificates change while workers accept.
TEST_F(Tls, CertificatesChangeUnderLoad) {
  start({}, 2);
  std::thread clients([&] {
    for (uint16_t i = 0; i < 60; ++i) {
      TlsClient client(server->at_tls(), {"dot"});
      client.send(www(i));
      EXPECT_EQ(id_of(client.receive()), i);
    }
  });
  for (int i = 0; i < 30; ++i) {
    use("name-" + std::to_string(i) + ".example");
    std::this_thread::sleep_for(milliseconds(2));
  }
  clients.join();
  EXPECT_EQ(server->count(Counter::tls_handshakes), 60u);
}

TEST_F(Tls, StoppingAnswersWhatHasArrivedAndSaysGoodbye) {
  start();
  TlsClient client(server->at_tls()), idle(server->at_tls());
  client.send(www(1));
  EXPECT_EQ(id_of(client.receive()), 1);
  client.send(times(100, www(2)));
  server->server->stop();
  for (int i = 0; i < 100; ++i) ASSERT_EQ(id_of(client.receive()), 2) << i;
  EXPECT_TRUE(client.ends_in_order());
  EXPECT_TRUE(idle.ends_in_order());
}

TEST_F(Tls, RenegotiationIsRefused) {
  start();
  TlsClient client(server->at_tls(), {"dot", TLS1_2_VERSION});
  ASSERT_TRUE(client.is_connected());
  EXPECT_EQ(SSL_renegotiate(client.ssl()), 1);
  EXPECT_NE(SSL_do_handshake(client.ssl()), 1);
}

}  // namespace
}  // namespace dnsd::transport_test
