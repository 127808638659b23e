// Cuts the octets of a TCP connection into DNS messages (RFC 1035 4.2.2, RFC 7766 8):
//
//   +--------+--------+------------------- - - -+--------+--------+---- - - -
//   | length, 2 octets| message                 | length          | message
//   +--------+--------+------------------- - - -+--------+--------+---- - - -
//
// Messages and prefixes arrive in pieces of any size. The buffer starts small, grows only towards the length that the
// message at hand announces and only as its octets arrive, and shrinks again after it: a client cannot claim memory
// by announcing alone. Pure: no socket. Thread safety: a value.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace dnsd {

class FrameReader {
 public:
  static constexpr size_t initial_octets = 1024;
  static constexpr size_t most_octets = 2 + 65535;

  enum class Next : uint8_t {
    frame,       // `frame` is a message
    incomplete,  // needs more octets
    broken,      // a message of length zero: what follows cannot be trusted. For ever
  };

  // Where to put the next octets; never empty. Ends the life of frames handed out.
  // Precondition: the last next() said `incomplete`, or nothing was read yet.
  MutableBytes room();
  // So many octets were put to the start of room().
  void filled(size_t octets) { end_ += octets; }

  // The next message, valid until room() is called.
  Next next(Bytes& frame);

  // No octet waits, not even a part of a message.
  bool empty() const { return begin_ == end_; }
  size_t capacity() const { return buffer_.size(); }

 private:
  size_t waiting() const { return end_ - begin_; }

  std::vector<uint8_t> buffer_;
  size_t begin_ = 0;  // buffer_[begin_, end_) has been received and not handed out
  size_t end_ = 0;
};

}  // namespace dnsd
