#include "zones/generate.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

std::string expand(std::string_view pattern, uint32_t number) {
  std::string out;
  const Status done = expand_generate(pattern, number, out);
  return done ? out : "! " + done.failure().message;
}

TEST(Generate, RangesHaveAStep) {
  const auto range = parse_generate_range("1-10/3");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->start, 1u);
  EXPECT_EQ(range->stop, 10u);
  EXPECT_EQ(range->step, 3u);
  EXPECT_EQ(range->count(), 4u);
  EXPECT_EQ(parse_generate_range("0-2147483647")->count(), 2147483648u);
  EXPECT_EQ(parse_generate_range("5-5")->count(), 1u);
  for (const char* bad :
       {"", "1", "1-", "-1", "2-1", "1-2/", "1-2/0", "1-2x", "a-b", "1-2147483648", "1 - 2", "-1-2"})
    EXPECT_FALSE(parse_generate_range(bad)) << bad;
}

TEST(Generate, ADollarIsTheNumber) {
  EXPECT_EQ(expand("a$b$", 7), "a7b7");
  EXPECT_EQ(expand("nothing", 7), "nothing");
  EXPECT_EQ(expand("$$$", 7), "$7");
  EXPECT_EQ(expand("\\$$", 7), "\\$7");
  EXPECT_EQ(expand("a\\", 7), "a\\");
}

TEST(Generate, ModifiersGiveOffsetWidthAndBase) {
  EXPECT_EQ(expand("${0}", 7), "7");
  EXPECT_EQ(expand("${-3}", 7), "4");
  EXPECT_EQ(expand("${+3}", 7), "10");
  EXPECT_EQ(expand("${0,4}", 7), "0007");
  EXPECT_EQ(expand("${0,1}", 777), "777");
  EXPECT_EQ(expand("${0,0,o}", 8), "10");
  EXPECT_EQ(expand("${0,4,x}", 0xab), "00ab");
  EXPECT_EQ(expand("${0,4,X}", 0xab), "00AB");
  EXPECT_EQ(expand("${16,2,d}.", 1), "17.");
}

// As BIND counts: the width is in characters, the dots among them.
TEST(Generate, NibblesAreLabelsInReverse) {
  EXPECT_EQ(expand("${0,0,n}", 0x1a), "a.1");
  EXPECT_EQ(expand("${0,0,N}", 0x1a), "A.1");
  EXPECT_EQ(expand("${0,7,n}", 0x1a), "a.1.0.0");
  EXPECT_EQ(expand("${0,3,n}", 0), "0.0");
  EXPECT_EQ(expand("${0,0,n}", 0), "0");
}

TEST(Generate, BadModifiersAreRefused) {
  for (const char* bad : {"${", "${}", "${a}", "${0,}", "${0,x}", "${0,-1}", "${0,128}", "${0,1,}", "${0,1,z}",
                          "${0,1,dd}", "${--1}", "${+-1}"})
    EXPECT_EQ(expand(bad, 1).substr(0, 2), "! ") << bad;
  EXPECT_EQ(expand("${-2}", 1), "! number and offset give -1");
  EXPECT_EQ(expand("${2147483647}", 1), "! number and offset give 2147483648");
}

}  // namespace
}  // namespace dnsd
