#include "base/sha1.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dnsd {
namespace {

Bytes octets(const std::string& text) { return {reinterpret_cast<const uint8_t*>(text.data()), text.size()}; }

std::string hex(const Sha1& digest) {
  std::string text;
  for (const uint8_t octet : digest) {
    text += "0123456789abcdef"[octet >> 4];
    text += "0123456789abcdef"[octet & 15];
  }
  return text;
}

// The examples of FIPS 180 and RFC 3174 7.3.
TEST(Sha1, AsInTheStandard) {
  EXPECT_EQ(hex(sha1(octets(""))), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(hex(sha1(octets("abc"))), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hex(sha1(octets("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
}

TEST(Sha1, TwoPartsAreOneText) {
  EXPECT_EQ(sha1(octets("ab"), octets("c")), sha1(octets("abc")));
  EXPECT_EQ(sha1({}, octets("abc")), sha1(octets("abc")));
}

// Every length up to the most: where the padding begins a block of its own, and beyond. The digest of all these digests
// comes from another implementation (Python's hashlib).
TEST(Sha1, EveryLength) {
  Sha1 all{};
  for (size_t size = 0; size <= sha1_most_octets; ++size) {
    const std::vector<uint8_t> text(size, static_cast<uint8_t>(size));
    all = sha1(all, sha1(text));
  }
  EXPECT_EQ(hex(all), "b1db8eb8afbca6d0ef230e045a7d2e05250d39f7");
}

}  // namespace
}  // namespace dnsd
