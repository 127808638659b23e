// The pieces in which octets arrive must not change the messages that FrameReader cuts out of them.
//
// The input: octets up to the first 0xff 0xff, then the stream; the former give the sizes of the pieces, in turns.
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "dnsd/transport/frame_reader.h"

namespace {

using namespace dnsd;
using Messages = std::vector<std::vector<uint8_t>>;

void require(bool condition) {
  if (!condition) std::abort();
}

// Straight from the definition of the format.
Messages cut_at_once(Bytes stream, bool& broken) {
  Messages messages;
  while (stream.size() >= 2) {
    const size_t length = load16(stream.data());
    broken = length == 0;
    if (broken || stream.size() - 2 < length) break;
    messages.emplace_back(stream.begin() + 2, stream.begin() + static_cast<ptrdiff_t>(2 + length));
    stream = stream.subspan(2 + length);
  }
  return messages;
}

// Hands out what is complete; whether the reader is broken.
bool take(FrameReader& reader, Messages& messages) {
  Bytes frame;
  FrameReader::Next next;
  while ((next = reader.next(frame)) == FrameReader::Next::frame) messages.emplace_back(frame.begin(), frame.end());
  return next == FrameReader::Next::broken;
}

Messages cut_in_pieces(Bytes stream, Bytes sizes, bool& broken) {
  FrameReader reader;
  Messages messages;
  for (size_t piece = 0; !stream.empty() && !broken; ++piece) {
    const size_t wanted = sizes.empty() ? 1 : 1 + size_t{sizes[piece % sizes.size()]} * 16;
    const MutableBytes room = reader.room();
    require(!room.empty() && reader.capacity() <= FrameReader::most_octets);
    const size_t n = std::min({wanted, room.size(), stream.size()});
    std::copy_n(stream.begin(), n, room.begin());
    reader.filled(n);
    stream = stream.subspan(n);
    broken = take(reader, messages);
  }
  return messages;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes input(data, size);
  const uint8_t mark[] = {0xff, 0xff};
  const auto at = std::search(input.begin(), input.end(), std::begin(mark), std::end(mark));
  const size_t sizes = static_cast<size_t>(at - input.begin());
  const Bytes stream = sizes + 2 <= size ? input.subspan(sizes + 2) : Bytes{};
  bool broken_at_once = false;
  bool broken_in_pieces = false;
  const Messages expected = cut_at_once(stream, broken_at_once);
  require(cut_in_pieces(stream, input.first(sizes), broken_in_pieces) == expected);
  require(broken_at_once == broken_in_pieces);
  return 0;
}
