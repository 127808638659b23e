#include "dnsd/transport/frame_reader.h"

#include <algorithm>
#include <cassert>

namespace dnsd {

MutableBytes FrameReader::room() {
  if (begin_ > 0) {
    std::copy(buffer_.begin() + static_cast<ptrdiff_t>(begin_), buffer_.begin() + static_cast<ptrdiff_t>(end_),
              buffer_.begin());
    end_ = waiting();
    begin_ = 0;
  }
  if (end_ <= initial_octets / 2 && buffer_.size() > initial_octets) {
    buffer_.resize(initial_octets);
    buffer_.shrink_to_fit();
  }
  if (end_ == buffer_.size()) {
    const size_t needed = end_ < 2 ? 2 : 2 + size_t{load16(buffer_.data())};
    const size_t size = std::max(initial_octets, std::min(needed, 2 * buffer_.size()));
    assert(size > end_);
    buffer_.resize(size);
  }
  return MutableBytes(buffer_).subspan(end_);
}

FrameReader::Next FrameReader::next(Bytes& frame) {
  if (waiting() < 2) return Next::incomplete;
  const size_t length = load16(&buffer_[begin_]);
  if (length == 0) return Next::broken;
  if (waiting() - 2 < length) return Next::incomplete;
  frame = Bytes(buffer_).subspan(begin_ + 2, length);
  begin_ += 2 + length;
  return Next::frame;
}

}  // namespace dnsd
