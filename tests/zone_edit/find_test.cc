#include "tools/zone_edit/find.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

ZoneConfig zone_of(const char* origin, std::vector<std::string> pools) {
  ZoneConfig zone;
  zone.origin = *Name::parse(origin);
  for (std::string& name : pools) zone.pools.emplace_back().name = std::move(name);
  return zone;
}

class Find : public testing::Test {
 protected:
  const std::vector<ZoneConfig> zones_ = {zone_of("example.com", {"street", "lone"}),
                                          zone_of("other.example", {"lone"})};
  const std::vector<const ZoneConfig*> pointers_ = zone_configs(zones_);
};

TEST_F(Find, ZoneWithAndWithoutTheFinalDotInAnyCase) {
  for (const char* text : {"example.com", "example.com.", "EXAMPLE.com"}) {
    const auto zone = find_zone(pointers_, text);
    ASSERT_TRUE(zone) << text;
    EXPECT_EQ(*zone, &zones_[0]);
  }
  EXPECT_EQ(find_zone(pointers_, "example.con").failure().message,
            "there is no zone 'example.con'; did you mean 'example.com'?");
  EXPECT_EQ(find_zone(pointers_, "net").failure().message,
            "there is no zone 'net'; there are example.com, other.example");
  EXPECT_EQ(find_zone({}, "net").failure().message, "there is no zone 'net'");
  EXPECT_FALSE(find_zone(pointers_, "a..b"));
}

TEST_F(Find, OwnerRelativeOrWhole) {
  const auto text = [&](const char* name) { return to_text(*find_owner(name, zones_[0])); };
  EXPECT_EQ(text("@"), "example.com.");
  EXPECT_EQ(text("www"), "www.example.com.");
  EXPECT_EQ(text("a.b"), "a.b.example.com.");
  EXPECT_EQ(text("www.example.com"), "www.example.com.");
  EXPECT_EQ(text("www.example.com."), "www.example.com.");
  EXPECT_EQ(text("example.com"), "example.com.");
  EXPECT_EQ(text("*.x"), "*.x.example.com.");
  EXPECT_EQ(find_owner("www.example.net.", zones_[0]).failure().message,
            "www.example.net. is not in the zone example.com.");
  EXPECT_FALSE(find_owner("a..b", zones_[0]));
}

TEST_F(Find, PoolByNameAndZone) {
  EXPECT_EQ(find_pool(pointers_, "street", "")->zone, &zones_[0]);
  EXPECT_EQ(find_pool(pointers_, "lone", "other.example")->zone, &zones_[1]);
  EXPECT_EQ(find_pool(pointers_, "lone", "").failure().message,
            "there is a pool 'lone' in each of example.com other.example; say which with --zone");
  EXPECT_EQ(find_pool(pointers_, "stret", "").failure().message, "there is no pool 'stret'; did you mean 'street'?");
  EXPECT_EQ(find_pool(pointers_, "zzzz", "other.example").failure().message,
            "there is no pool 'zzzz'; there is only lone");
}

}  // namespace
}  // namespace dnsd
