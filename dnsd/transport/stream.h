// The octets of one connection, plain or inside TLS. Nothing blocks: what cannot go on says why.
//
// The handshake of TLS happens inside receive(): until it is over no octet comes out of it.
// Thread safety: belongs to one thread; the TlsContext behind it may be shared.
#pragma once

#include "base/bytes.h"
#include "base/file_descriptor.h"
#include "dnsd/tls/handles.h"

namespace dnsd {

class Stream {
 public:
  // `socket` is connected and non-blocking.
  Stream(FileDescriptor socket) : socket_(std::move(socket)) {}
  // `tls` is the server's side before its handshake (TlsContext::new_connection); not null.
  Stream(FileDescriptor socket, SslHandle tls);

  enum class Then : uint8_t {
    would_block,  // wait for the socket; see receive_waits_to_write()
    full,         // all the room was filled, all octets were taken; there may be more
    ended,        // the peer will send nothing more, but may still receive (RFC 9293 3.6, RFC 8446 6.1)
    failed,       // for ever
  };
  struct Moved {
    size_t octets = 0;  // even where it then ended or failed
    Then then = Then::would_block;
  };

  // Precondition: neither `room` nor `octets` is empty. Where send() said `would_block` for TLS, the next call begins
  // with the same octets; there may be more behind them, and they may stand elsewhere.
  Moved receive(MutableBytes room);
  Moved send(Bytes octets);

  // The last receive() could not go on for want of room to send: TLS has something to say before it can listen.
  bool receive_waits_to_write() const { return receive_waits_to_write_; }

  bool is_tls() const { return tls_ != nullptr; }
  // Of TLS: the handshake was completed; it was a short one, by a session ticket.
  bool is_secured() const { return secured_; }
  bool is_resumed() const { return tls_ && SSL_session_reused(tls_.get()); }

  int fd() const { return socket_.get(); }
  // Says goodbye, if TLS has begun (close_notify, RFC 8446 6.1), and closes.
  void close();

 private:
  // What the BIO of OpenSSL sees of the socket. It stays where it is while the stream is moved.
  struct Channel {
    int fd;
    size_t may_read = 0;  // octets, in this receive()
  };
  static int write_channel(BIO* bio, const char* octets, int count);
  static int read_channel(BIO* bio, char* octets, int count);
  static long control_channel(BIO* bio, int command, long number, void* pointer);
  static BIO_METHOD* channel_method();

  Moved receive_plain(MutableBytes room);
  Moved send_plain(Bytes octets);
  Then shake_hands();
  Then why_stopped(int result);

  FileDescriptor socket_;
  std::unique_ptr<Channel> channel_;  // of TLS
  SslHandle tls_;
  bool secured_ = false;
  bool receive_waits_to_write_ = false;
  bool failed_ = false;
};

}  // namespace dnsd
