#include "base/bytes.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace dnsd {
namespace {

TEST(Load, ReadsNetworkByteOrder) {
  const uint8_t octets[] = {0xfe, 0xdc, 0xba, 0x98};
  EXPECT_EQ(load16(octets), 0xfedc);
  EXPECT_EQ(load32(octets), 0xfedcba98u);
}

TEST(Store, IsTheInverseOfLoad) {
  uint8_t octets[4] = {};
  for (const uint32_t value : {0u, 1u, 0x80000000u, 0xffffffffu, 0x01020304u}) {
    store32(octets, value);
    EXPECT_EQ(load32(octets), value);
    store16(octets, static_cast<uint16_t>(value));
    EXPECT_EQ(load16(octets), static_cast<uint16_t>(value));
  }
  store32(octets, 0x01020304);
  EXPECT_EQ(octets[0], 1);
  EXPECT_EQ(octets[3], 4);
}

TEST(ByteReader, ReadsInOrder) {
  const std::array<uint8_t, 9> octets{1, 2, 3, 4, 5, 6, 7, 8, 9};
  ByteReader reader(octets);
  EXPECT_EQ(reader.u8(), 1);
  EXPECT_EQ(reader.u16(), 0x0203);
  EXPECT_EQ(reader.u32(), 0x04050607u);
  EXPECT_EQ(reader.position(), 7u);
  EXPECT_EQ(reader.remaining(), 2u);
  const Bytes rest = reader.bytes(2);
  EXPECT_EQ(rest[1], 9);
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(reader.remaining(), 0u);
}

TEST(ByteReader, AnOverrunReadsZerosAndIsRemembered) {
  const std::array<uint8_t, 3> octets{0xff, 0xff, 0xff};
  ByteReader reader(octets);
  EXPECT_EQ(reader.u32(), 0u);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.u8(), 0) << "nothing is read after an overrun, though there would be room";
  EXPECT_TRUE(reader.bytes(1).empty());
  EXPECT_EQ(reader.position(), 0u);
}

TEST(ByteReader, HugeLengthsDoNotWrap) {
  const std::array<uint8_t, 4> octets{};
  ByteReader reader(octets);
  reader.skip(2);
  EXPECT_TRUE(reader.bytes(SIZE_MAX).empty());
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, NothingFromNothingIsFine) {
  ByteReader reader(Bytes{});
  EXPECT_TRUE(reader.bytes(0).empty());
  reader.skip(0);
  EXPECT_TRUE(reader.ok());
}

TEST(ByteWriter, WritesInOrder) {
  std::array<uint8_t, 9> room{};
  ByteWriter writer(room);
  writer.u8(1);
  writer.u16(0x0203);
  writer.u32(0x04050607);
  writer.bytes(std::array<uint8_t, 2>{8, 9});
  EXPECT_TRUE(writer.ok());
  EXPECT_EQ(writer.remaining(), 0u);
  EXPECT_EQ(room, (std::array<uint8_t, 9>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(ByteWriter, AnOverrunWritesNothingAndIsRemembered) {
  std::array<uint8_t, 4> room{7, 7, 7, 7};
  ByteWriter writer(MutableBytes(room).first(3));
  writer.u32(0);
  EXPECT_FALSE(writer.ok());
  writer.u8(0);
  EXPECT_EQ(writer.size(), 0u);
  EXPECT_EQ(room, (std::array<uint8_t, 4>{7, 7, 7, 7}));
}

TEST(ByteWriter, RewindForgetsTheOverrun) {
  std::array<uint8_t, 4> room{};
  ByteWriter writer(room);
  writer.u16(0x0102);
  const size_t mark = writer.size();
  writer.u16(0x0304);
  writer.u8(5);
  EXPECT_FALSE(writer.ok());
  writer.rewind(mark);
  EXPECT_TRUE(writer.ok());
  writer.u16(0x0607);
  EXPECT_TRUE(writer.ok());
  const MutableBytes written = writer.written();
  EXPECT_EQ(std::vector<uint8_t>(written.begin(), written.end()), (std::vector<uint8_t>{1, 2, 6, 7}));
}

TEST(ByteWriter, NothingIntoNothingIsFine) {
  ByteWriter writer(MutableBytes{});
  writer.bytes({});
  EXPECT_TRUE(writer.ok());
  EXPECT_TRUE(writer.written().empty());
}

}  // namespace
}  // namespace dnsd
