#include "zones/zone_writer.h"

#include <gtest/gtest.h>

#include "zone_text.h"

namespace dnsd {
namespace {

TEST(ZoneWriter, OneRecordIsOneLine) {
  const ReadZone read = read_text(apex + "w\\.w 1h TXT ( \"a b\"\n c )\n");
  ASSERT_TRUE(read.zone) << read.messages;
  EXPECT_EQ(record_text((*read.zone)[read.zone->size() - 1]), "w\\.w.example.com. 3600 IN TXT \"a b\" \"c\"");
}

TEST(ZoneWriter, TheSoaComesFirst) {
  const ReadZone read = read_text(apex);
  ASSERT_TRUE(read.zone) << read.messages;
  EXPECT_EQ(zone_text(*read.zone),
            "example.com. 300 IN SOA ns1.example.com. hostmaster.example.com. 1 7200 3600 1209600 300\n"
            "example.com. 300 IN NS ns1.example.com.\n"
            "ns1.example.com. 300 IN A 192.0.2.1\n");
}

TEST(ZoneWriter, WhatItWritesReadsBackTheSame) {
  const ReadZone read = read_text(sample("all_types.zone"));
  ASSERT_TRUE(read.zone) << read.messages;
  const std::string text = zone_text(*read.zone);
  const ReadZone again = read_text(text);
  ASSERT_TRUE(again.zone) << again.messages;
  EXPECT_EQ(zone_text(*again.zone), text);
  EXPECT_EQ(again.zone->size(), read.zone->size());
}

}  // namespace
}  // namespace dnsd
