#include "dnsd/snapshot/pool_pages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "dnsd/snapshot/pages.h"
#include "dnsd/snapshot/stored_record.h"

namespace dnsd {
namespace {

PoolDefinition pool(size_t v4, size_t v6, unsigned cap = 8) {
  PoolDefinition p;
  p.cap = cap;
  for (size_t i = 0; i < v4 + v6; ++i) {
    PoolMember m;
    const auto octet = static_cast<uint8_t>(i % 250), more = static_cast<uint8_t>(i / 250);
    m.address = i < v4 ? IpAddress::v4({198, 51, more, octet}) : IpAddress::v6({0x20, 1, 0xd, 0xb8, more, octet});
    p.members.push_back(m);
  }
  return p;
}

NameRule rule(const char* owner = "street.api.example.com.") {
  NameRule r;
  r.owner = *Name::parse(owner);
  r.pool = "p";
  r.pages = true;
  return r;
}

std::string index_text(const PoolPages& pages) {
  return {pages.index.begin() + stored_record::rdata_at + 1, pages.index.end()};
}

TEST(PoolPages, ListEveryMemberOnceWithinTheCap) {
  const PoolPages pages = compile_pages(rule(), pool(41, 12));
  ASSERT_EQ(pages.pages.size(), 6u);
  std::set<std::vector<uint8_t>> seen;
  size_t listed = 0;
  for (const PoolPage& page : pages.pages) {
    for (const size_t family : {0u, 1u}) {
      const AddressRecords& records = page.records[family];
      EXPECT_LE(records.count, 8u);
      const size_t size = address_record_size(static_cast<Family>(family));
      ASSERT_EQ(records.octets.size(), records.count * size);
      for (size_t i = 0; i < records.count; ++i)
        seen.emplace(records.octets.begin() + i * size, records.octets.begin() + (i + 1) * size);
      listed += records.count;
    }
  }
  EXPECT_EQ(listed, 53u);
  EXPECT_EQ(seen.size(), 53u);
  EXPECT_EQ(pages.pages[1].records[1].count, 4u);
  EXPECT_EQ(pages.pages[2].records[1].count, 0u);
  EXPECT_TRUE(index_text(pages).starts_with("count=6"));
}

TEST(PoolPages, OneThatLeavesChangesItsOwnPageAndTheGeneration) {
  PoolDefinition p = pool(40, 0);
  const PoolPages before = compile_pages(rule(), p);
  p.members[10].state = MemberState::drain;
  const PoolPages after = compile_pages(rule(), p);
  ASSERT_EQ(after.pages.size(), before.pages.size());
  for (size_t i = 0; i < 5; ++i)
    EXPECT_EQ(after.pages[i].records[0].octets == before.pages[i].records[0].octets, i != 1) << i;
  EXPECT_EQ(after.pages[1].records[0].count, 7u);
  EXPECT_NE(index_text(after), index_text(before));
  p.members[10].state = MemberState::in;
  EXPECT_EQ(index_text(compile_pages(rule(), p)), index_text(before)) << "by content: the same on every server";
}

TEST(PoolPages, PagesFitAnAnswerWithoutEdns) {
  const PoolPages pages = compile_pages(rule(), pool(0, 100, 20));
  for (const PoolPage& page : pages.pages) EXPECT_LE(12 + 40 + page.records[1].octets.size(), 512u);
  EXPECT_EQ(pages.pages.size(), 7u) << "16 IPv6 addresses on a page, though the cap is 20";
}

TEST(PoolPages, TenThousandMembers) {
  const PoolPages pages = compile_pages(rule(), pool(10000, 0));
  EXPECT_EQ(pages.pages.size(), 1250u);
  size_t listed = 0;
  for (const PoolPage& page : pages.pages) listed += page.records[0].count;
  EXPECT_EQ(listed, 10000u);
}

}  // namespace
}  // namespace dnsd
