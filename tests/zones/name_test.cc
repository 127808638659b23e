#include "zones/name.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

Name name(std::string_view text) { return *Name::parse(text); }

TEST(Name, IsWireForm) {
  const Name www = name("www.Example.");
  const uint8_t wire[] = {3, 'w', 'w', 'w', 7, 'E', 'x', 'a', 'm', 'p', 'l', 'e', 0};
  EXPECT_TRUE(std::ranges::equal(www.view().wire(), wire));
  EXPECT_EQ(www.view().label_count(), 2u);
  EXPECT_EQ(Name().size(), 1u);
  EXPECT_TRUE(NameView().is_root());
  EXPECT_EQ(NameView().label_count(), 0u);
}

TEST(Name, IsRelativeWithoutAFinalDot) {
  const Name origin = name("example.com.");
  EXPECT_EQ(to_text(*Name::parse("www", origin)), "www.example.com.");
  EXPECT_EQ(to_text(*Name::parse("www.", origin)), "www.");
  EXPECT_EQ(to_text(*Name::parse("@", origin)), "example.com.");
  EXPECT_EQ(to_text(*Name::parse(".", origin)), ".");
  EXPECT_EQ(to_text(*Name::parse("\\@", origin)), "\\@.example.com.");
}

TEST(Name, HasEscapes) {
  EXPECT_EQ(to_text(name("a\\.b.c\\032d\\001\\255.")), "a\\.b.c\\032d\\001\\255.");
  EXPECT_EQ(to_text(name("\\065\\\\x.")), "A\\\\x.");
  EXPECT_EQ(name("a\\.b.").view().label_count(), 1u);
  EXPECT_EQ(to_text(name("\\$\\\"\\(\\)\\;.")), "\\$\\\"\\(\\)\\;.");
}

TEST(Name, SaysWhereItIsMalformed) {
  const auto offset = [](std::string_view text) {
    const auto parsed = Name::parse(text);
    return parsed ? -1 : static_cast<int>(parsed.failure().offset);
  };
  EXPECT_EQ(offset(""), 0);
  EXPECT_EQ(offset(".a."), 0);
  EXPECT_EQ(offset("a..b."), 2);
  EXPECT_EQ(offset("ab\\25"), 2);
  EXPECT_EQ(offset("ab\\256."), 2);
  EXPECT_EQ(offset("ab\\"), 2);
  EXPECT_EQ(offset(std::string(63, 'x') + "y."), 63);
}

TEST(Name, HasAtMost255Octets) {
  std::string text;
  for (int i = 0; i < 127; ++i) text += "a.";
  EXPECT_EQ(name(text).size(), 255u);
  EXPECT_EQ(name(text).view().label_count(), 127u);
  EXPECT_FALSE(Name::parse(text + "b."));
  EXPECT_FALSE(Name::parse("b", name(text)));
  EXPECT_TRUE(Name::parse(std::string(63, 'x') + "."));
  EXPECT_FALSE(Name::parse(std::string(64, 'x') + "."));
  EXPECT_FALSE(Name::parse(std::string(64, 'x')));
}

TEST(Name, ComparesWithoutCase) {
  EXPECT_TRUE(name("WWW.example.").view() == name("www.EXAMPLE.").view());
  EXPECT_FALSE(name("www.example.").view() == name("wwx.example.").view());
  EXPECT_FALSE(name("a.b.").view() == name("a\\.b.").view());
  Name lower = name("WwW.");
  lower.lowercase();
  EXPECT_EQ(to_text(lower), "www.");
}

TEST(Name, KnowsItsAncestors) {
  const Name www = name("www.example.com.");
  EXPECT_EQ(to_text(www.view().parent()), "example.com.");
  EXPECT_EQ(to_text(www.view().suffix(1)), "com.");
  EXPECT_EQ(to_text(www.view().suffix(0)), ".");
  EXPECT_TRUE(www.view().is_at_or_below(name("Example.com.")));
  EXPECT_TRUE(www.view().is_at_or_below(www));
  EXPECT_TRUE(www.view().is_at_or_below(NameView()));
  EXPECT_FALSE(www.view().is_at_or_below(name("ample.com.")));
  EXPECT_FALSE(name("com.").view().is_at_or_below(www));
}

TEST(Name, KnowsWildcards) {
  EXPECT_TRUE(name("*.example.").view().is_wildcard());
  EXPECT_FALSE(name("**.example.").view().is_wildcard());
  EXPECT_FALSE(name("a.*.").view().is_wildcard());
}

// The example of RFC 4034 6.1.
TEST(Name, HasACanonicalOrder) {
  const Name ordered[] = {name("example."),         name("a.example."),      name("yljkjljk.a.example."),
                          name("Z.a.example."),     name("zABC.a.EXAMPLE."), name("z.example."),
                          name("\\001.z.example."), name("*.z.example."),    name("\\200.z.example.")};
  for (size_t i = 0; i + 1 < std::size(ordered); ++i) {
    EXPECT_TRUE(ordered[i].view().canonical_order(ordered[i + 1]) < 0) << to_text(ordered[i]);
    EXPECT_TRUE(ordered[i + 1].view().canonical_order(ordered[i]) > 0) << to_text(ordered[i]);
    EXPECT_TRUE(ordered[i].view().canonical_order(ordered[i]) == 0);
  }
}

TEST(Name, IsFoundInOctets) {
  const uint8_t good[] = {1, 'a', 0, 9, 9};
  EXPECT_EQ(wire_name_length(good), 3u);
  EXPECT_EQ(wire_name_length(Bytes(good).first(2)), 0u);
  const uint8_t pointer[] = {0xc0, 0};
  EXPECT_EQ(wire_name_length(pointer), 0u);
  EXPECT_EQ(wire_name_length({}), 0u);
  std::vector<uint8_t> longest;
  for (int i = 0; i < 127; ++i) longest.insert(longest.end(), {1, 'a'});
  longest.push_back(0);
  EXPECT_EQ(wire_name_length(longest), 255u);
  longest.insert(longest.begin(), {1, 'a'});
  EXPECT_EQ(wire_name_length(longest), 0u);
}

}  // namespace
}  // namespace dnsd
