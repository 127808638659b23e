#include "dnsd/transport/stream.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <cerrno>

namespace dnsd {
namespace {

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

// ---- a BIO on a socket: OpenSSL's own raises SIGPIPE

int fd_of(BIO* bio) { return static_cast<int>(reinterpret_cast<intptr_t>(BIO_get_data(bio))); }

int write_socket(BIO* bio, const char* octets, int count) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(fd_of(bio), octets, static_cast<size_t>(count), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && would_block(errno)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int read_socket(BIO* bio, char* octets, int count) {
  BIO_clear_retry_flags(bio);
  const ssize_t received = ::recv(fd_of(bio), octets, static_cast<size_t>(count), MSG_DONTWAIT);
  if (received < 0 && would_block(errno)) BIO_set_retry_read(bio);
  if (received == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(received);
}

long control_socket(BIO* bio, int command, long, void*) {
  switch (command) {
    case BIO_CTRL_FLUSH: return 1;
    case BIO_CTRL_EOF: return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    default: return 0;
  }
}

BIO_METHOD* socket_method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without signals");
    BIO_meth_set_write(made, write_socket);
    BIO_meth_set_read(made, read_socket);
    BIO_meth_set_ctrl(made, control_socket);
    return made;
  }();
  return method;
}

}  // namespace

Stream::Stream(FileDescriptor socket, SslHandle tls) : socket_(std::move(socket)), tls_(std::move(tls)) {
  BIO* bio = BIO_new(socket_method());
  failed_ = !bio;
  if (!bio) return;
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<intptr_t>(socket_.get())));
  BIO_set_init(bio, 1);
  SSL_set_bio(tls_.get(), bio, bio);  // which owns it
}

Stream::Moved Stream::receive(MutableBytes room) {
  if (!tls_) return receive_plain(room);
  Moved moved{0, secured_ ? Then::full : shake_hands()};
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
  if (failed_) return Then::failed;
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
