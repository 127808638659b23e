#include "dnsd/snapshot/pages.h"

#include <gtest/gtest.h>

#include <set>

namespace dnsd {
namespace {

Name name(const std::string& text) { return *Name::parse(text); }

std::string text_of(const Result<Name>& result) { return result ? to_text(*result) : result.failure().message; }

// A name whose wire form has this many octets.
Name long_name(size_t octets) {
  std::string text;
  for (size_t left = octets - 1; left > 0;) {
    const size_t label = left > 64 ? std::min<size_t>(63, left - 3) : left - 1;
    text += std::string(label, 'x') + ".";
    left -= label + 1;
  }
  EXPECT_EQ(name(text).size(), octets);
  return name(text);
}

PoolDefinition pool_of(unsigned ipv4, unsigned ipv6, unsigned cap) {
  PoolDefinition pool;
  pool.cap = cap;
  for (unsigned i = 0; i < ipv4 + ipv6; ++i) {
    PoolMember member;
    const auto high = static_cast<uint8_t>(i >> 8), low = static_cast<uint8_t>(i);
    member.address = i < ipv4 ? IpAddress::v4({10, 0, high, low})
                              : IpAddress::v6({0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, high, low});
    pool.members.push_back(member);
  }
  return pool;
}

NameRule at(const Name& owner) {
  NameRule rule;
  rule.owner = owner;
  return rule;
}

TEST(Pages, AreNamedBelowTheirName) {
  EXPECT_EQ(text_of(page_name(name("Street.example."), 1)), "page-1.Street.example.");
  EXPECT_EQ(text_of(page_name(name("street.example."), 10000)), "page-10000.street.example.");
  EXPECT_EQ(text_of(pages_name(name("street.example."))), "pages.street.example.");
  EXPECT_EQ(text_of(pages_name(NameView())), "pages.");
}

TEST(Pages, HaveNamesOf255OctetsAtMost) {
  EXPECT_EQ(page_name(long_name(248), 1)->size(), 255u);
  const std::string longer = text_of(page_name(long_name(248), 10));
  EXPECT_TRUE(longer.starts_with("page-10.xxx")) << longer;
  EXPECT_TRUE(longer.ends_with("x. would be a name of 256 octets, and 255 is the most")) << longer;
  EXPECT_EQ(pages_name(long_name(249))->size(), 255u);
  EXPECT_FALSE(pages_name(long_name(250)));
  EXPECT_EQ(page_count(at(long_name(249)), pool_of(1, 0, 8)), 0u);
}

TEST(Pages, AreAsManyAsTheLargerFamilyNeeds) {
  const NameRule street = at(name("street.example."));
  EXPECT_EQ(page_count(street, pool_of(40, 0, 8)), 5u);
  EXPECT_EQ(page_count(street, pool_of(41, 0, 8)), 6u);
  EXPECT_EQ(page_count(street, pool_of(8, 17, 8)), 3u);
  EXPECT_EQ(page_count(street, pool_of(1, 0, 20)), 1u);
  EXPECT_EQ(page_count(street, pool_of(10000, 0, 1)), 10000u);
}

TEST(Pages, AreCountedWithoutMembersThatAreOut) {
  PoolDefinition pool = pool_of(9, 0, 4);
  const NameRule street = at(name("street.example."));
  ASSERT_EQ(page_count(street, pool), 3u);
  pool.members[3].state = MemberState::drain;
  pool.members[4].weight = 0;
  EXPECT_EQ(page_count(street, pool), 3u) << "these may be in service again at any moment";
  pool.members[0].state = MemberState::out;
  EXPECT_EQ(page_count(street, pool), 2u);
  for (PoolMember& member : pool.members) member.state = MemberState::out;
  EXPECT_EQ(page_count(street, pool), 0u);
}

// 12 octets of header, the name and 4 octets of the question, 16 or 28 for each record.
TEST(Pages, FitAnAnswerWithoutEdns) {
  const PoolDefinition pool = pool_of(40, 40, 20);
  EXPECT_EQ(page_size(name("page-1.street.example."), pool, Family::ipv4), 20u);
  EXPECT_EQ(page_size(name("page-1.street.example."), pool, Family::ipv6), 16u);
  const Name owner = long_name(240);
  const Name page = *page_name(owner, 1);
  EXPECT_EQ(page_size(page, pool, Family::ipv4), 15u);
  EXPECT_EQ(page_size(page, pool, Family::ipv6), 8u);
  EXPECT_EQ(page_count(at(owner), pool), 5u);
  for (size_t octets = 3; octets <= 248; ++octets) {
    const Name last = *page_name(long_name(octets), 1);
    for (const Family family : {Family::ipv4, Family::ipv6}) {
      const unsigned records = page_size(last, pool, family);
      EXPECT_LE(12 + last.size() + 4 + records * (family == Family::ipv4 ? 16u : 28u), 512u);
      EXPECT_GE(records, 8u);
    }
  }
}

TEST(Pages, AreOfOneSizeWhateverTheirNumber) {
  const PoolDefinition pool = pool_of(0, 40, 20);
  for (size_t octets = 3; octets <= 244; ++octets) {
    const Name owner = long_name(octets);
    std::set<unsigned> sizes;
    for (const unsigned number : {1u, 9u, 10u, 99u, 100u, 1000u, 10000u}) {
      const Result<Name> page = page_name(owner, number);
      if (page) sizes.insert(page_size(*page, pool, Family::ipv6));
    }
    EXPECT_EQ(sizes.size(), 1u) << octets;
  }
}

TEST(Pages, WildcardsStandForNamesOfAnyLength) {
  EXPECT_EQ(room_without_edns(name("*.example."), Family::ipv4), 15u);
  EXPECT_EQ(room_without_edns(name("a.example."), Family::ipv4), 30u);
}

}  // namespace
}  // namespace dnsd
