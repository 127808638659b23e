#include "zones/zone_diff.h"

#include <gtest/gtest.h>

#include "zone_text.h"

namespace dnsd {
namespace {

Zone zone_of(const std::vector<std::pair<std::string, std::string>>& records) {
  ZoneBuilder builder(name("example."));
  for (const auto& [owner, rdata] : records) {
    const std::vector<uint8_t> octets(rdata.begin(), rdata.end());
    builder.add(name(owner), 65280, 60, octets, {});
  }
  return std::move(builder).build();
}

std::string key(const std::string& owner, const std::string& rdata, uint32_t ttl = 60) {
  return record_key(name(owner), 65280, ttl, std::vector<uint8_t>(rdata.begin(), rdata.end()));
}

TEST(ZoneDiff, ListsWhatIsNotInBoth) {
  const Zone before = zone_of({{"a.example.", "1"}, {"b.example.", "1"}, {"b.example.", "2"}, {"d.example.", "1"}});
  const Zone after = zone_of({{"B.example.", "2"}, {"b.example.", "3"}, {"c.example.", "1"}, {"d.example.", "1"}});
  const ZoneDiff diff = diff_zones(before, after);
  EXPECT_EQ(diff.removed, (std::vector<std::string>{key("a.example.", "1"), key("b.example.", "1")}));
  EXPECT_EQ(diff.added, (std::vector<std::string>{key("b.example.", "3"), key("c.example.", "1")}));
  EXPECT_EQ(diff_zones(before, before), ZoneDiff{});
}

TEST(ZoneDiff, CountsRecordsThatStandTwice) {
  const Zone once = zone_of({{"a.example.", "1"}});
  const Zone twice = zone_of({{"a.example.", "1"}, {"a.example.", "1"}});
  EXPECT_EQ(diff_zones(once, twice).added, std::vector<std::string>{key("a.example.", "1")});
  EXPECT_EQ(diff_zones(twice, once).removed, std::vector<std::string>{key("a.example.", "1")});
}

TEST(ZoneDiff, TellsTtlsApart) { EXPECT_NE(key("a.example.", "1", 60), key("a.example.", "1", 61)); }

}  // namespace
}  // namespace dnsd
