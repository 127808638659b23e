#include "zones/nsec3.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

Name name(const char* text) { return *Name::parse(text); }

// RFC 5155 appendix A: the zone example. with 12 iterations and the salt aabbccdd.
TEST(Nsec3, HashesAsInTheRfc) {
  const Nsec3Parameters parameters{12, {0xaa, 0xbb, 0xcc, 0xdd}};
  const std::pair<const char*, const char*> names[] = {
      {"example.", "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example."},
      {"a.example.", "35mthgpgcu1qg68fab165klnsnk3dpvl.example."},
      {"ns1.example.", "2t7b4g4vsa5smi47k61mv5bv1a22bojr.example."},
      {"*.w.example.", "r53bq7cc2uvmubfu5ocmm6pers9tk9en.example."},
      {"x.y.w.example.", "2vptu5timamqttgl4luu9kg21e0aor3s.example."},
  };
  for (const auto& [plain, hashed] : names)
    EXPECT_EQ(parameters.hash(name(plain).view().wire()), nsec3_owner_hash(name(hashed))) << plain;
}

TEST(Nsec3, OwnersThatAreNoHashes) {
  EXPECT_TRUE(nsec3_owner_hash(name("0P9MHAVEQVM6T7VBL5LOP2U3T2RP3TOM.example.")));
  EXPECT_FALSE(nsec3_owner_hash(name("0p9mhaveqvm6t7vbl5lop2u3t2rp3tow.example.")));  // w is no digit
  EXPECT_FALSE(nsec3_owner_hash(name("0p9mhaveqvm6t7vbl5lop2u3t2rp3to.example.")));
  EXPECT_FALSE(nsec3_owner_hash(name(".")));
}

TEST(Nsec3, ReadsWhatNsec3AndItsParametersShare) {
  const uint8_t rdata[] = {1, 0, 0, 12, 2, 0xaa, 0xbb, 20, 1,  2,  3,  4,  5,  6,  7,
                           8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20};
  EXPECT_EQ(Nsec3Parameters::read(rdata), (Nsec3Parameters{12, {0xaa, 0xbb}}));
  EXPECT_EQ(nsec3_next_hash(rdata)->back(), 20);
  for (const size_t size : {0u, 4u, 5u, 6u}) EXPECT_FALSE(Nsec3Parameters::read(Bytes(rdata).first(size))) << size;
  for (const size_t size : {7u, 8u, 27u}) EXPECT_FALSE(nsec3_next_hash(Bytes(rdata).first(size))) << size;
  uint8_t other[sizeof rdata];
  std::copy(std::begin(rdata), std::end(rdata), other);
  other[0] = 2;
  EXPECT_FALSE(Nsec3Parameters::read(other));
}

}  // namespace
}  // namespace dnsd
