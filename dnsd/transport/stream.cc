#include "dnsd/transport/stream.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace dnsd {
namespace {

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

// What one receive() takes from the socket at most. There are records without an octet of DNS in them, KeyUpdate for
// example, which OpenSSL works off as long as more come; others must have their turn.
constexpr size_t octets_per_receive = size_t{64} << 10;

}  // namespace

// ---- a BIO: OpenSSL's own raises SIGPIPE and knows no measure

int Stream::write_channel(BIO* bio, const char* octets, int count) {
  const Channel& channel = *static_cast<Channel*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(channel.fd, octets, static_cast<size_t>(count), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && would_block(errno)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int Stream::read_channel(BIO* bio, char* octets, int count) {
  Channel& channel = *static_cast<Channel*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const size_t most = std::min(channel.may_read, static_cast<size_t>(count));
  if (most == 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const ssize_t received = ::recv(channel.fd, octets, most, MSG_DONTWAIT);
  if (received < 0 && would_block(errno)) BIO_set_retry_read(bio);
  if (received == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  if (received > 0) channel.may_read -= static_cast<size_t>(received);
  return static_cast<int>(received);
}

long Stream::control_channel(BIO* bio, int command, long, void*) {
  switch (command) {
    case BIO_CTRL_FLUSH: return 1;
    case BIO_CTRL_EOF: return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    default: return 0;
  }
}

BIO_METHOD* Stream::channel_method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    BIO_meth_set_write(made, write_channel);
    BIO_meth_set_read(made, read_channel);
    BIO_meth_set_ctrl(made, control_channel);
    return made;
  }();
  return method;
}

Stream::Stream(FileDescriptor socket, SslHandle tls)
    : socket_(std::move(socket)), channel_(std::make_unique<Channel>(Channel{socket_.get()})), tls_(std::move(tls)) {
  BIO* bio = BIO_new(channel_method());
  failed_ = !bio;
  if (!bio) return;
  BIO_set_data(bio, channel_.get());
  BIO_set_init(bio, 1);
  SSL_set_bio(tls_.get(), bio, bio);  // which owns it
}

// ---- moving octets

Stream::Moved Stream::receive(MutableBytes room) {
  if (!tls_) return receive_plain(room);
  channel_->may_read = octets_per_receive;
  Moved moved{0, failed_ ? Then::failed : secured_ ? Then::full : shake_hands()};
  while (moved.then == Then::full && moved.octets < room.size()) {
    size_t received = 0;
    ERR_clear_error();  // SSL_get_error looks at the thread's queue
    const int result = SSL_read_ex(tls_.get(), &room[moved.octets], room.size() - moved.octets, &received);
    if (result == 1) moved.octets += received;
    if (result != 1) moved.then = why_stopped(result);
  }
  receive_waits_to_write_ = moved.then == Then::would_block && SSL_want_write(tls_.get());
  return moved;
}

// `full` where the handshake is complete.
Stream::Then Stream::shake_hands() {
  ERR_clear_error();
  const int result = SSL_do_handshake(tls_.get());
  if (result != 1) return why_stopped(result);
  secured_ = true;
  return Then::full;
}

Stream::Moved Stream::send(Bytes octets) {
  if (!tls_) return send_plain(octets);
  Moved moved{0, failed_ ? Then::failed : Then::full};
  while (moved.then == Then::full && moved.octets < octets.size()) {
    size_t sent = 0;
    ERR_clear_error();
    const int result = SSL_write_ex(tls_.get(), &octets[moved.octets], octets.size() - moved.octets, &sent);
    if (result == 1) moved.octets += sent;
    if (result != 1) moved.then = why_stopped(result);
  }
  return moved;
}

Stream::Then Stream::why_stopped(int result) {
  const int error = SSL_get_error(tls_.get(), result);
  ERR_clear_error();
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return Then::would_block;
  if (error == SSL_ERROR_ZERO_RETURN && secured_) return Then::ended;
  failed_ = true;
  return Then::failed;
}

Stream::Moved Stream::receive_plain(MutableBytes room) {
  const ssize_t received = ::recv(socket_.get(), room.data(), room.size(), MSG_DONTWAIT);
  if (received < 0) return {0, would_block(errno) ? Then::would_block : Then::failed};
  if (received == 0) return {0, Then::ended};
  const size_t octets = static_cast<size_t>(received);
  return {octets, octets == room.size() ? Then::full : Then::would_block};
}

Stream::Moved Stream::send_plain(Bytes octets) {
  const ssize_t sent = ::send(socket_.get(), octets.data(), octets.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0) return {0, would_block(errno) ? Then::would_block : Then::failed};
  const size_t taken = static_cast<size_t>(sent);
  return {taken, taken == octets.size() ? Then::full : Then::would_block};
}

void Stream::close() {
  if (secured_ && !failed_) {
    ERR_clear_error();
    SSL_shutdown(tls_.get());
    ERR_clear_error();
  }
  tls_.reset();
  socket_.reset();
}

}  // namespace dnsd
