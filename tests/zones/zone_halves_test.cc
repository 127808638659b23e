// Two threads read what one reads: the same records at the same places, the same words about what is wrong.
#include "zones/zone_halves.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "zone_text.h"

namespace dnsd {
namespace {

struct Outcome {
  std::string records;
  std::string messages;
  bool operator==(const Outcome&) const = default;
};

Outcome outcome(std::string_view text, size_t two_threads_from, const Files& files) {
  ZoneFileOptions options = options_for();
  options.two_threads_from = two_threads_from;
  const ReadZone read = read_text(text, files, options);
  Outcome out;
  out.messages = read.messages;
  for (size_t i = 0; read.zone && i < read.zone->size(); ++i) {
    const RecordView r = (*read.zone)[i];
    out.records += record_text(r) + " " + to_text(r.owner) + " " + read.zone->files()[r.place.file] + ":" +
                   std::to_string(r.place.line) + ":" + std::to_string(r.place.column) + "\n";
  }
  return out;
}

void expect_same(const std::string& text, const Files& files = {}) {
  const Outcome one = outcome(text, SIZE_MAX, files), two = outcome(text, 0, files);
  EXPECT_EQ(one.messages, two.messages) << text;
  EXPECT_EQ(one.records, two.records) << text;
}

std::string plain_lines(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i)
    text += "h" + std::to_string(i * 7919 % count) + " 300 A 192.0.2." + std::to_string(i % 256) + "\n";
  return text;
}

TEST(ZoneHalves, PlainLines) { expect_same(apex + plain_lines(5000)); }

TEST(ZoneHalves, WhatTheSecondHalfInherits) {
  expect_same("$TTL 60\n" + apex + plain_lines(20) + "$ORIGIN sub.example.com.\n$TTL 2h\n" + plain_lines(10) +
      "x A 192.0.2.1\n" +
              plain_lines(40));
  expect_same(apex + plain_lines(20) + "$ORIGIN sub\nx A 192.0.2.1\n" + plain_lines(30));  // a relative origin
  expect_same("@ SOA ns1 host 1 7200 3600 1209600 300\n@ NS ns1\nns1 A 192.0.2.1\na A 192.0.2.1\nb A 192.0.2.1\n"
              "c A 192.0.2.1\n");
}

TEST(ZoneHalves, ATtlOfTheRecordBefore) {
  expect_same("@ 300 SOA ns1 host 1 7200 3600 1209600 300\n@ NS ns1\nns1 A 192.0.2.1\na 5 A 192.0.2.1\n"
              "b A 192.0.2.1\nc A 192.0.2.1\n");
}

TEST(ZoneHalves, ParenthesesThatReachIntoTheSecondHalf) {
  std::string inside;
  for (int i = 0; i < 40; ++i) inside += "\"string\"\nname" + std::to_string(i) + "\n";
  expect_same(apex + "a 300 TXT (\n" + inside + ")\nb 300 A 192.0.2.1\n");
  expect_same(apex + "a 300 TXT (\n" + inside + "b 300 A 192.0.2.1\n");  // never closed
  expect_same(apex + "a 300 TXT (\n$ORIGIN sub.example.com.\n)\n" + plain_lines(20));
}

TEST(ZoneHalves, IncludeAndGenerateInEitherHalf) {
  const Files files = {{"more", "$TTL 77\n$ORIGIN elsewhere.example.com.\nin A 192.0.2.9\n"}};
  for (const std::string directive : {"$INCLUDE more\n", "$INCLUDE missing\n", "$GENERATE 1-9 g$ 300 A 192.0.2.$\n"}) {
    expect_same(apex + plain_lines(5) + directive + plain_lines(40), files);
    expect_same(apex + plain_lines(40) + directive + plain_lines(5), files);
  }
}

TEST(ZoneHalves, OneOwnerOnBothSidesIsSpelledAsAtFirst) {
  std::string text = apex;
  for (int i = 0; i < 200; ++i) text += (i < 100 ? "Www" : "wWW") + std::string(" 300 TXT ") + std::to_string(i) + "\n";
  expect_same(text);
}

TEST(ZoneHalves, DefectsAreCountedTogether) {
  std::string text = apex;
  for (int i = 0; i < 400; ++i) text += "b" + std::to_string(i) + (i % 3 ? " 300 A 192.0.2\n" : " 300 BX 1\n");
  expect_same(text);
  text = apex;
  for (int i = 0; i < 400; ++i) text += "b_" + std::to_string(i) + " 300 A 192.0.2.1\n";  // no host names: warnings
  expect_same(text);
}

TEST(ZoneHalves, CutsAndDnamesAboveTheSecondHalf) {
  std::string text = apex + "cut 300 NS ns1\ndn 300 DNAME cut\n";
  for (int i = 0; i < 60; ++i) {
    text += "n" + std::to_string(i) + ".deep.cut 300 TXT x\n";
    text += "n" + std::to_string(i) + ".dn 300 MX 10 n" + std::to_string(i) + "\n";
  }
  expect_same(text);
}

TEST(ZoneHalves, AllSamples) {
  for (const auto& entry : std::filesystem::directory_iterator(std::string(TEST_DIRECTORY) + "/zones/samples"))
    if (entry.path().extension() == ".zone") expect_same(sample(entry.path().filename().string()));
}

// Lines of all kinds in any order.
TEST(ZoneHalves, RandomTexts) {
  const std::vector<std::string> lines = {"a 300 A 192.0.2.1\n", "A 300 A 192.0.2.2\n", "  300 AAAA 2001:db8::1\n",
      "  TXT x\n",
      "b A 192.0.2.3\n", "c.b 60 MX 10 a\n", "$ORIGIN o\n", "$ORIGIN example.com.\n", "$TTL 5\n", "$TTL x\n",
      "; $TTL 7\n", "\n",
      "d 1 TXT (\n", ")\n", "\" $ORIGIN z\"\n", "e 1 TXT \"q\n", "x..y 3 A 192.0.2.1\n", "$INCLUDE more\n",
      "$GENERATE 1-3 g$ 9 A 192.0.2.$\n", "f 300 NS a\n", "g.f 300 A 192.0.2.4\n", "h CNAME a\n", "$NONE\n",
      " $TTL 8\n", "a 300 A 192.0.2.1\n"};
  const Files files = {{"more", "i 300 A 192.0.2.5\n$TTL 9\n"}};
  std::mt19937 random(1);
  for (int round = 0; round < 600; ++round) {
    std::string text = round % 2 ? apex : "";
    const unsigned kinds = round % 4 == 0 ? 6 : static_cast<unsigned>(lines.size());
    for (auto count = random() % 30; count > 0; --count) text += lines[random() % kinds];
    expect_same(text, files);
  }
}

TEST(ZoneHalves, ProgressReachesTheEnd) {
  const std::string text = apex + plain_lines(50000);
  for (const size_t from : {size_t{0}, SIZE_MAX}) {
    ReadProgress progress;
    unsigned told = 0;
    progress.tell = [&](const ReadProgress& p) {
      ++told;
      EXPECT_LE(p.octets, p.of_octets);
      EXPECT_LE(p.records, 50003u);
    };
    ZoneFileOptions options = options_for();
    options.two_threads_from = from;
    options.progress = &progress;
    ASSERT_TRUE(read_text(text, {}, options).zone);
    EXPECT_GE(told, 5u);
    EXPECT_EQ(progress.of_octets, text.size());
    EXPECT_GT(progress.records, 40000u);
  }
}

}  // namespace
}  // namespace dnsd
