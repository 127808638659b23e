#include "dnsd/transport/stream.h"

#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "dnsd/tls/tls_context.h"
#include "dnsd/transport/tcp_connection.h"
#include "small_server.h"
#include "test_certificate.h"
#include "zones/rr_types.h"

namespace dnsd::transport_test {
namespace {

using Then = Stream::Then;

// The server's stream on one end of a socket pair. The client's TLS stands between two buffers, so that the test says
// when octets move.
class TlsStreamTest : public ::testing::Test {
 protected:
  TlsStreamTest() : client_context(SSL_CTX_new(TLS_client_method())), client(SSL_new(client_context.get())) {
    const dnsd::testing::TestCertificate made = dnsd::testing::make_certificate("ns.example");
    const auto read = TlsIdentity::read(made.certificate, made.key);
    EXPECT_TRUE(context.use(std::get<TlsIdentity>(read)));
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    const int octets = 256 << 10;
    for (const int end : ends) EXPECT_EQ(::setsockopt(end, SOL_SOCKET, SO_SNDBUF, &octets, sizeof octets), 0);
    socket = FileDescriptor(ends[0]);
    server_fd = ends[1];
    SSL_set_bio(client.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(client.get());
  }

  Stream stream() { return Stream(FileDescriptor(server_fd), context.new_connection()); }

  // What the client's TLS has to say, to the socket.
  void client_sends() {
    char* octets = nullptr;
    const long size = BIO_get_mem_data(SSL_get_wbio(client.get()), &octets);
    if (size > 0) {
      EXPECT_EQ(::send(socket.get(), octets, static_cast<size_t>(size), MSG_NOSIGNAL), size);
    }
    (void)BIO_reset(SSL_get_wbio(client.get()));
  }
  void client_receives() {
    Message octets(1 << 20);
    const ssize_t size = ::recv(socket.get(), octets.data(), octets.size(), 0);
    if (size > 0) BIO_write(SSL_get_rbio(client.get()), octets.data(), static_cast<int>(size));
  }
  Stream::Moved shake_hands(Stream& server) {
    Stream::Moved last;
    for (int i = 0; i < 5 && !(server.is_secured() && SSL_is_init_finished(client.get())); ++i) {
      SSL_do_handshake(client.get());
      client_sends();
      last = server.receive(room);
      client_receives();
    }
    return last;
  }
  int waiting() const {  // octets in the server's socket
    int count = 0;
    EXPECT_EQ(::ioctl(server_fd, FIONREAD, &count), 0);
    return count;
  }

  TlsContext context;
  SslContextHandle client_context;
  SslHandle client;
  FileDescriptor socket;
  int server_fd = -1;
  Message room = Message(1000);
};

TEST_F(TlsStreamTest, TheHandshakeGivesNoOctets) {
  Stream server = stream();
  EXPECT_TRUE(server.is_tls());
  const Stream::Moved last = shake_hands(server);
  EXPECT_TRUE(server.is_secured());
  EXPECT_EQ(last.octets, 0u);
  EXPECT_EQ(last.then, Then::would_block);
  EXPECT_FALSE(server.receive_waits_to_write());
}

TEST_F(TlsStreamTest, OctetsAndTheEndMayComeTogether) {
  Stream server = stream();
  shake_hands(server);
  EXPECT_EQ(SSL_write(client.get(), "question", 8), 8);
  SSL_shutdown(client.get());
  client_sends();
  const Stream::Moved moved = server.receive(room);
  EXPECT_EQ(moved.octets, 8u);
  EXPECT_EQ(moved.then, Then::ended);
  EXPECT_EQ(server.send(Bytes(reinterpret_cast<const uint8_t*>("answer"), 6)).octets, 6u);
  client_receives();
  char answer[10];
  EXPECT_EQ(SSL_read(client.get(), answer, sizeof answer), 6);
}

TEST_F(TlsStreamTest, AFullRoomSaysThatThereMayBeMore) {
  Stream server = stream();
  shake_hands(server);
  const Message octets(2500, 7);
  EXPECT_EQ(SSL_write(client.get(), octets.data(), 2500), 2500);
  client_sends();
  EXPECT_EQ(server.receive(room).then, Then::full);
  EXPECT_EQ(waiting(), 0);  // the socket would not tell
  EXPECT_EQ(server.receive(room).then, Then::full);
  const Stream::Moved rest = server.receive(room);
  EXPECT_EQ(rest.octets, 500u);
  EXPECT_EQ(rest.then, Then::would_block);
}

// KeyUpdate (RFC 8446 4.6.3) carries nothing: OpenSSL would go on for as long as there are more.
TEST_F(TlsStreamTest, RecordsWithoutOctetsAreTakenInPortions) {
  Stream server = stream();
  shake_hands(server);
  while (BIO_pending(SSL_get_wbio(client.get())) < 150'000) {
    ASSERT_EQ(SSL_key_update(client.get(), SSL_KEY_UPDATE_NOT_REQUESTED), 1);
    ASSERT_EQ(SSL_do_handshake(client.get()), 1);
  }
  client_sends();
  EXPECT_EQ(server.receive(room).then, Then::would_block);
  EXPECT_GE(waiting(), 80'000);
  EXPECT_EQ(server.receive(room).then, Then::would_block);
  EXPECT_EQ(server.receive(room).then, Then::would_block);
  EXPECT_EQ(waiting(), 0);
  EXPECT_EQ(SSL_write(client.get(), "x", 1), 1);
  client_sends();
  EXPECT_EQ(server.receive(room).octets, 1u);
}

// Where TLS cannot say what it must, waiting for octets would wake the loop for those that wait already.
TEST_F(TlsStreamTest, AHandshakeMayWaitForRoomToSend) {
  const Message filler(1 << 16, 0);
  size_t filled = 0;
  for (ssize_t n; (n = ::send(server_fd, filler.data(), filler.size(), MSG_NOSIGNAL)) > 0;) filled += static_cast<size_t>(n);
  Publisher publisher;
  WorkerState state((publisher.publish(small_snapshot()), publisher), RotationState(1));
  const TcpLimits limits;
  Message scratch(TcpConnection::scratch_octets);
  TcpConnection connection(stream(), ip("192.0.2.1"));
  SSL_do_handshake(client.get());
  client_sends();
  EXPECT_FALSE(connection.turn(state, limits, 100, scratch).more);
  EXPECT_TRUE(connection.wants_to_write());
  EXPECT_FALSE(connection.wants_to_read(limits));
  EXPECT_TRUE(connection.is_idle());

  Message octets(filled);
  for (size_t got = 0; got < filled;) {
    const ssize_t n = ::recv(socket.get(), octets.data(), filled - got, 0);
    if (n <= 0) break;
    got += static_cast<size_t>(n);
  }
  for (int i = 0; i < 3; ++i) {
    connection.turn(state, limits, 100, scratch);
    client_receives();
    SSL_do_handshake(client.get());
    client_sends();
  }
  EXPECT_TRUE(connection.stream().is_secured());
  EXPECT_FALSE(connection.wants_to_write());
  EXPECT_TRUE(connection.wants_to_read(limits));
  EXPECT_EQ(state.counters.read()[Counter::tls_handshakes], 1u);
}

TEST_F(TlsStreamTest, AClientThatIsGoneIsAFailureNotASignal) {
  Stream server = stream();
  shake_hands(server);
  socket.reset();
  EXPECT_EQ(server.send(Message(100)).then, Then::failed);
  EXPECT_EQ(server.send(Message(100)).then, Then::failed);
  EXPECT_EQ(server.receive(room).then, Then::failed);
  server.close();
}

}  // namespace
}  // namespace dnsd::transport_test
