#include "zones/zone.h"

#include <gtest/gtest.h>

#include <random>

namespace dnsd {
namespace {

Name name(std::string_view text) { return *Name::parse(text, *Name::parse("example.")); }

TEST(Zone, SortsByOwnerThenTypeThenOrderOfAdding) {
  ZoneBuilder builder(name("@"));
  const uint8_t one[] = {1}, two[] = {2};
  EXPECT_EQ(builder.add_file("a.zone"), 0);
  EXPECT_EQ(builder.add_file("b.zone"), 1);
  EXPECT_TRUE(builder.add(name("b"), 16, 60, two, {1, 5, 7}));
  EXPECT_TRUE(builder.add(name("b"), 16, 60, one, {}));
  EXPECT_TRUE(builder.add(name("a.b"), 1, 60, one, {}));
  EXPECT_TRUE(builder.add(name("B"), 1, 61, {}, {}));
  EXPECT_TRUE(builder.add(name("@"), 6, 60, one, {}));
  const Zone zone = std::move(builder).build();
  ASSERT_EQ(zone.size(), 5u);
  EXPECT_EQ(to_text(zone.origin()), "example.");
  EXPECT_EQ(to_text(zone[0].owner), "example.");
  EXPECT_EQ(to_text(zone[1].owner), "B.example.");
  EXPECT_EQ(zone[1].ttl, 61u);
  EXPECT_TRUE(zone[1].rdata.empty());
  EXPECT_EQ(zone[2].rdata[0], 2);
  EXPECT_EQ(zone[3].rdata[0], 1);
  EXPECT_EQ(to_text(zone[4].owner), "a.b.example.");
  const Place place = zone.place(zone[2].place);
  EXPECT_EQ(place.file, "b.zone");
  EXPECT_EQ(place.line, 7u);
  EXPECT_EQ(place.column, 5u);
}

TEST(Zone, FindsOwners) {
  ZoneBuilder builder(name("@"));
  for (const char* owner : {"c", "a", "c", "C"}) builder.add(name(owner), 1, 60, {}, {});
  const Zone zone = std::move(builder).build();
  EXPECT_EQ(zone.owner_range(name("a")), (std::pair<size_t, size_t>{0, 1}));
  EXPECT_EQ(zone.owner_range(name("c")), (std::pair<size_t, size_t>{1, 4}));
  EXPECT_EQ(zone.owner_range(name("b")), (std::pair<size_t, size_t>{1, 1}));
  EXPECT_EQ(zone.owner_range(name("d")), (std::pair<size_t, size_t>{4, 4}));
}

TEST(Zone, OrdersAnyNamesAsCanonicalOrderDoes) {
  std::mt19937 random(1);
  for (const bool all_in_zone : {true, false}) {
    ZoneBuilder builder(name("@"));
    for (int i = 0; i < 2000; ++i) {
      std::string text;
      for (uint64_t labels = 1 + random() % 3; labels > 0; --labels) {
        for (uint64_t n = 1 + random() % 18; n > 0; --n) text += "aAbB09-_*"[random() % 9];
        if (random() % 8 == 0) text += "\\000";
        if (labels > 1) text += '.';
      }
      if (!all_in_zone && i % 100 == 0) text += ".org.";
      builder.add(name(text), static_cast<uint16_t>(1 + random() % 3), 60, {}, {});
    }
    const Zone zone = std::move(builder).build();
    for (size_t i = 1; i < zone.size(); ++i) {
      const auto order = zone[i - 1].owner.canonical_order(zone[i].owner);
      ASSERT_TRUE(order < 0 || (order == 0 && zone[i - 1].type <= zone[i].type)) << to_text(zone[i].owner);
    }
  }
}

TEST(Zone, RefusesRdataThatNoMessageHolds) {
  ZoneBuilder builder(name("@"));
  EXPECT_TRUE(builder.add(name("a"), 1, 60, std::vector<uint8_t>(65535), {}));
  EXPECT_FALSE(builder.add(name("a"), 1, 60, std::vector<uint8_t>(65536), {}));
  EXPECT_EQ(std::move(builder).build().size(), 1u);
}

}  // namespace
}  // namespace dnsd
