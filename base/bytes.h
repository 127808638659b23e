// Bounds-checked reading and writing of octets in network byte order.
//
// A reader or writer that runs over its end reads zeros or writes nothing, and remembers: check ok() once at the end
// of a group of calls. Thread safety: none needed, both are values. No exceptions, no allocation.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>

namespace dnsd {

using Bytes = std::span<const uint8_t>;
using MutableBytes = std::span<uint8_t>;

inline uint16_t load16(const uint8_t* p) { return static_cast<uint16_t>(p[0] << 8 | p[1]); }
inline uint32_t load32(const uint8_t* p) {
  return uint32_t{p[0]} << 24 | uint32_t{p[1]} << 16 | uint32_t{p[2]} << 8 | uint32_t{p[3]};
}
// One store each; octet by octet the compiler does not always see that it is one.
inline void store16(uint8_t* p, uint16_t v) {
  if constexpr (std::endian::native == std::endian::little) v = __builtin_bswap16(v);
  std::memcpy(p, &v, sizeof v);
}
inline void store32(uint8_t* p, uint32_t v) {
  if constexpr (std::endian::native == std::endian::little) v = __builtin_bswap32(v);
  std::memcpy(p, &v, sizeof v);
}

class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  size_t position() const { return position_; }
  size_t remaining() const { return bytes_.size() - position_; }

  uint8_t u8() { return take(1) ? bytes_[position_ - 1] : uint8_t{0}; }
  uint16_t u16() { return take(2) ? load16(&bytes_[position_ - 2]) : uint16_t{0}; }
  uint32_t u32() { return take(4) ? load32(&bytes_[position_ - 4]) : 0; }
  Bytes bytes(size_t n) { return take(n) ? bytes_.subspan(position_ - n, n) : Bytes{}; }
  void skip(size_t n) { take(n); }

 private:
  bool take(size_t n) {
    if (!ok_ || n > remaining()) {
      ok_ = false;
      return false;
    }
    position_ += n;
    return true;
  }

  Bytes bytes_;
  size_t position_ = 0;
  bool ok_ = true;
};

class ByteWriter {
 public:
  explicit ByteWriter(MutableBytes room) : room_(room) {}

  bool ok() const { return ok_; }
  size_t size() const { return size_; }
  size_t remaining() const { return room_.size() - size_; }
  uint8_t* data() { return room_.data(); }
  MutableBytes written() { return room_.first(size_); }

  void u8(uint8_t v) {
    if (reserve(1)) room_[size_ - 1] = v;
  }
  void u16(uint16_t v) {
    if (reserve(2)) store16(&room_[size_ - 2], v);
  }
  void u32(uint32_t v) {
    if (reserve(4)) store32(&room_[size_ - 4], v);
  }
  void bytes(Bytes b) {
    if (!b.empty() && reserve(b.size())) std::memcpy(&room_[size_ - b.size()], b.data(), b.size());
  }
  // Goes back to an earlier size and forgets an overrun: what was written after `size` is dropped.
  void rewind(size_t size) {
    size_ = size;
    ok_ = true;
  }

 private:
  bool reserve(size_t n) {
    if (!ok_ || n > remaining()) {
      ok_ = false;
      return false;
    }
    size_ += n;
    return true;
  }

  MutableBytes room_;
  size_t size_ = 0;
  bool ok_ = true;
};

}  // namespace dnsd
