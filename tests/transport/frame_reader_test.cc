#include "dnsd/transport/frame_reader.h"

#include <gmock/gmock.h>

#include <random>

namespace dnsd {
namespace {

using Message = std::vector<uint8_t>;
using testing::ElementsAre;

Message frame_of(size_t length, uint8_t fill) {
  Message octets(2 + length, fill);
  store16(octets.data(), static_cast<uint16_t>(length));
  return octets;
}

Message joined(const std::vector<Message>& parts) {
  Message all;
  for (const Message& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

// Feeds `octets` in pieces of at most `piece`; the frames that come out.
std::vector<Message> fed(FrameReader& reader, Bytes octets, size_t piece) {
  std::vector<Message> frames;
  while (!octets.empty()) {
    const MutableBytes room = reader.room();
    const size_t n = std::min({piece, octets.size(), room.size()});
    std::copy_n(octets.begin(), n, room.begin());
    reader.filled(n);
    octets = octets.subspan(n);
    Bytes frame;
    FrameReader::Next next;
    while ((next = reader.next(frame)) == FrameReader::Next::frame) frames.emplace_back(frame.begin(), frame.end());
    if (next == FrameReader::Next::broken) break;
  }
  return frames;
}

TEST(FrameReader, WholeMessage) {
  FrameReader reader;
  EXPECT_THAT(fed(reader, frame_of(3, 7), 100), ElementsAre(Message{7, 7, 7}));
  EXPECT_TRUE(reader.empty());
}

TEST(FrameReader, ManyMessagesInOnePiece) {
  FrameReader reader;
  const Message octets = joined({frame_of(1, 1), frame_of(2, 2), frame_of(3, 3)});
  EXPECT_THAT(fed(reader, octets, 100), ElementsAre(Message{1}, Message{2, 2}, Message{3, 3, 3}));
}

TEST(FrameReader, OctetByOctetAlsoWithinThePrefix) {
  FrameReader reader;
  const Message octets = joined({frame_of(300, 1), frame_of(2, 2)});
  EXPECT_THAT(fed(reader, octets, 1), ElementsAre(Message(300, 1), Message{2, 2}));
}

TEST(FrameReader, PartOfAMessageWaits) {
  FrameReader reader;
  Message octets = frame_of(10, 1);
  octets.pop_back();
  EXPECT_THAT(fed(reader, octets, 100), ElementsAre());
  EXPECT_FALSE(reader.empty());
  EXPECT_THAT(fed(reader, Message{1}, 100), ElementsAre(Message(10, 1)));
}

TEST(FrameReader, LengthZeroIsBrokenForEver) {
  FrameReader reader;
  EXPECT_THAT(fed(reader, joined({frame_of(1, 1), {0, 0}, frame_of(1, 2)}), 100), ElementsAre(Message{1}));
  Bytes frame;
  EXPECT_EQ(reader.next(frame), FrameReader::Next::broken);
  EXPECT_EQ(reader.next(frame), FrameReader::Next::broken);
}

TEST(FrameReader, LongestMessage) {
  FrameReader reader;
  const auto frames = fed(reader, frame_of(65535, 9), 1400);
  EXPECT_THAT(frames, ElementsAre(Message(65535, 9)));
}

TEST(FrameReader, AnnouncingAloneClaimsNoMemory) {
  FrameReader reader;
  EXPECT_THAT(fed(reader, Message{0xff, 0xff, 1}, 100), ElementsAre());
  reader.room();
  EXPECT_EQ(reader.capacity(), FrameReader::initial_octets);
}

TEST(FrameReader, GrowsAtMostToTheMessageAndShrinksAfterIt) {
  FrameReader reader;
  const size_t length = 5000;
  Message octets = frame_of(length, 1);
  size_t most = 0;
  for (const uint8_t octet : octets) {
    fed(reader, Message{octet}, 1);
    most = std::max(most, reader.capacity());
  }
  EXPECT_EQ(most, length + 2);
  reader.room();
  EXPECT_EQ(reader.capacity(), FrameReader::initial_octets);
}

TEST(FrameReader, PiecesNeverChangeTheMessages) {
  std::mt19937 random(1);
  std::vector<Message> frames;
  std::vector<Message> expected;
  for (int i = 0; i < 200; ++i) {
    const size_t length = 1 + (i % 10 == 0 ? random() % 9000 : random() % 100);
    frames.push_back(frame_of(length, static_cast<uint8_t>(i)));
    expected.emplace_back(frames.back().begin() + 2, frames.back().end());
  }
  const Message octets = joined(frames);
  for (const size_t piece : {1u, 2u, 3u, 7u, 100u, 1023u, 1024u, 1025u, 1u << 20}) {
    FrameReader reader;
    EXPECT_EQ(fed(reader, octets, piece), expected) << "in pieces of " << piece;
  }
}

}  // namespace
}  // namespace dnsd
