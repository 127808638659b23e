// Edits of samples/edit/FILE.yaml, each as the lines that it takes out and puts in: a small diff shows at a glance
// that nothing else was touched.
#include "dnsd/config/yaml_edit.h"

#include <gmock/gmock.h>

#include "dnsd/config/zone_config.h"
#include "loading.h"

namespace dnsd {
namespace {

using ::testing::HasSubstr;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    lines.push_back(text.substr(at, end - at));
    at = end;
  }
  return lines;
}

// The lines between the common beginning and the common end: "-old" and "+new".
std::string difference(const std::string& before, const std::string& after) {
  const std::vector<std::string> a = lines_of(before), b = lines_of(after);
  size_t head = 0, tail = 0;
  const size_t least = std::min(a.size(), b.size());
  while (head < least && a[head] == b[head]) ++head;
  while (tail < least - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  std::string text;
  for (size_t i = head; i + tail < a.size(); ++i) text += "-" + a[i];
  for (size_t i = head; i + tail < b.size(); ++i) text += "+" + b[i];
  return text;
}

IpAddress address(std::string_view text) { return *IpAddress::parse(text); }

PoolMember member(std::string_view text, uint32_t weight = 1, std::string site = "",
                  MemberState state = MemberState::in) {
  return {address(text), weight, std::move(site), state, {}};
}

// One member: what most of the tests are about.
Result<std::string> add_member(std::string_view text, std::string_view pool, const PoolMember& m) {
  return add_members(text, pool, std::span(&m, 1));
}
Result<std::string> remove_member(std::string_view text, std::string_view pool, const IpAddress& a) {
  return remove_members(text, pool, std::span(&a, 1));
}
Result<std::string> set_member_state(std::string_view text, std::string_view pool, const IpAddress& a, MemberState state) {
  return change_members(text, pool, std::span(&a, 1), {.state = state, .weight = {}, .site = {}});
}

std::vector<IpAddress> addresses(const std::vector<std::string_view>& texts) {
  std::vector<IpAddress> all;
  for (const std::string_view text : texts) all.push_back(address(text));
  return all;
}

std::string changed(const std::string& before, const Result<std::string>& after) {
  if (!after) return "refused: " + after.failure().message;
  Diagnostics diagnostics;
  EXPECT_TRUE(parse_zone_config(*after, "f.yaml", diagnostics)) << to_text(diagnostics);
  return difference(before, *after);
}

std::string add(const std::string& file, std::string_view pool, const PoolMember& m) {
  const std::string text = testing::sample("edit/" + file + ".yaml");
  return changed(text, add_member(text, pool, m));
}
std::string remove(const std::string& file, std::string_view pool, std::string_view a) {
  const std::string text = testing::sample("edit/" + file + ".yaml");
  return changed(text, remove_member(text, pool, address(a)));
}
std::string set_state(const std::string& file, std::string_view pool, std::string_view a, MemberState state) {
  const std::string text = testing::sample("edit/" + file + ".yaml");
  return changed(text, set_member_state(text, pool, address(a), state));
}

TEST(YamlEdit, AddsALineAfterTheLastMember) {
  EXPECT_EQ(add("lines", "a", member("192.0.2.9")), "+      - {address: 192.0.2.9}\n");
  EXPECT_EQ(add("lines", "a", member("2001:db8::9", 3, "sfo", MemberState::drain)),
            "+      - {address: \"2001:db8::9\", weight: 3, site: sfo, state: drain}\n");
  EXPECT_EQ(add("lines", "b", member("192.0.2.9", 0, "Frankfurt: Main's")),
            "+      - {address: 192.0.2.9, weight: 0, site: 'Frankfurt: Main''s'}\n");
  EXPECT_EQ(add("lines", "b", member("192.0.2.9", 1, "null")), "+      - {address: 192.0.2.9, site: 'null'}\n");
  EXPECT_EQ(add("blocks", "a", member("192.0.2.9", 2)), "+    - address: 192.0.2.9\n+      weight: 2\n");
}

TEST(YamlEdit, AddsWithinBrackets) {
  EXPECT_EQ(add("brackets", "one-line", member("192.0.2.9")),
            "-  one-line: {ttl: 60, members: [{address: 192.0.2.1}, { address: 192.0.2.2, weight: 1 }, "
            "{address: 192.0.2.3, site: x} ]}   # all of them\n"
            "+  one-line: {ttl: 60, members: [{address: 192.0.2.1}, { address: 192.0.2.2, weight: 1 }, "
            "{address: 192.0.2.3, site: x}, {address: 192.0.2.9} ]}   # all of them\n");
  EXPECT_EQ(add("brackets", "lines", member("192.0.2.9")),
            "-      {address: 192.0.2.3}    # the last\n"
            "+      {address: 192.0.2.3},    # the last\n"
            "+      {address: 192.0.2.9}\n");
  EXPECT_EQ(add("brackets", "comma", member("192.0.2.9")), "+      {address: 192.0.2.9},\n");
  EXPECT_EQ(add("brackets", "mixed", member("192.0.2.9")),
            "-              {address: 192.0.2.3}]\n"
            "+              {address: 192.0.2.3},\n"
            "+              {address: 192.0.2.9}]\n");
}

TEST(YamlEdit, TakesTheHabitsOfItsNeighbour) {
  const std::string text =
      "zone: a\nrecords: z\npools:\n  a:\n    members:\n      -  { address: 192.0.2.1, weight: 1 }";
  EXPECT_EQ(changed(text, add_member(text, "a", member("192.0.2.9"))),
            "-      -  { address: 192.0.2.1, weight: 1 }"
            "+      -  { address: 192.0.2.1, weight: 1 }\n"
            "+      -  { address: 192.0.2.9, weight: 1 }");
}

TEST(YamlEdit, RefusesToAddWhatIsThere) {
  EXPECT_EQ(add("lines", "a", member("192.0.2.2")), "refused: 192.0.2.2 is a member of pool 'a' already, in line 11");
  EXPECT_EQ(add("lines", "c", member("192.0.2.9")), "refused: there is no pool 'c' in this file; did you mean 'a'?");
  EXPECT_EQ(add("lines", "us-street", member("192.0.2.9")), "refused: there is no pool 'us-street' in this file");
}

TEST(YamlEdit, RefusesAMemberThatTheLoaderWouldRefuse) {
  EXPECT_EQ(add("lines", "a", member("192.0.2.9", 1001)), "refused: '1001' is not a number from 0 to 1000");
  EXPECT_EQ(add("lines", "a", member("192.0.2.9", 1, "a\nb")), "refused: a control character in 'a\\x0ab'");
  EXPECT_EQ(add("lines", "a", member("192.0.2.9", 1, "Z\xfcrich")), "refused: 'Z\\xfcrich' is not UTF-8");
  EXPECT_EQ(add("lines", "a", member("::ffff:192.0.2.9")),
            "refused: '::ffff:192.0.2.9' is an IPv4 address in IPv6 form; write 192.0.2.9");
}

TEST(YamlEdit, RemovesLines) {
  EXPECT_EQ(remove("lines", "a", "192.0.2.1"), "-      - {address: 192.0.2.1, site: dfw}   # rack 1\n");
  EXPECT_EQ(remove("lines", "a", "192.0.2.2"), "-      - {address: 192.0.2.2, weight: 2, state: 'out'}   # rack 2\n");
  EXPECT_EQ(remove("lines", "a", "2001:db8:0::1"), "-      - {address: \"2001:db8::1\", site: ewr}\n");
  EXPECT_EQ(remove("blocks", "a", "192.0.2.1"),
            "-    -   address: 192.0.2.1   # rack 1\n"
            "-        site: dfw            # Dallas\n");
  EXPECT_EQ(remove("blocks", "a", "192.0.2.2"),
            "-    - address: 192.0.2.2\n"
            "-      # on its way out\n"
            "-      state: drain   # since Monday\n"
            "-      weight: 2\n");
  EXPECT_EQ(remove("blocks", "a", "192.0.2.3"),
            "-    -\n"
            "-      site: ewr\n"
            "-      address: 192.0.2.3\n");
}

TEST(YamlEdit, RemovesWithinBrackets) {
  EXPECT_EQ(remove("brackets", "one-line", "192.0.2.1"),
            "-  one-line: {ttl: 60, members: [{address: 192.0.2.1}, { address: 192.0.2.2, weight: 1 }, "
            "{address: 192.0.2.3, site: x} ]}   # all of them\n"
            "+  one-line: {ttl: 60, members: [{ address: 192.0.2.2, weight: 1 }, "
            "{address: 192.0.2.3, site: x} ]}   # all of them\n");
  EXPECT_EQ(remove("brackets", "one-line", "192.0.2.3"),
            "-  one-line: {ttl: 60, members: [{address: 192.0.2.1}, { address: 192.0.2.2, weight: 1 }, "
            "{address: 192.0.2.3, site: x} ]}   # all of them\n"
            "+  one-line: {ttl: 60, members: [{address: 192.0.2.1}, { address: 192.0.2.2, weight: 1 } ]}"
            "   # all of them\n");
  EXPECT_EQ(remove("brackets", "lines", "192.0.2.1"), "-      {address: 192.0.2.1},   # the first\n");
  EXPECT_EQ(remove("brackets", "lines", "192.0.2.2"), "-      {address: 192.0.2.2, },\n");
  EXPECT_EQ(remove("brackets", "lines", "192.0.2.3"), "-      {address: 192.0.2.3}    # the last\n");
  EXPECT_EQ(remove("brackets", "comma", "192.0.2.2"), "-      {address: 192.0.2.2},\n");
}

TEST(YamlEdit, KeepsTheCommentsBetweenMembersInBrackets) {
  EXPECT_EQ(remove("brackets", "mixed", "192.0.2.2"),
            "-    members: [{address: 192.0.2.1}, {address: 192.0.2.2},   # two here\n"
            "+    members: [{address: 192.0.2.1},    # two here\n");
  EXPECT_EQ(remove("brackets", "mixed", "192.0.2.3"),
            "-              {address: 192.0.2.3}]\n"
            "+              ]\n");
}

TEST(YamlEdit, RefusesToRemoveWhatIsNotThereOrTheLast) {
  EXPECT_EQ(remove("lines", "a", "192.0.2.9"), "refused: 192.0.2.9 is not a member of pool 'a'");
  EXPECT_EQ(
      remove("lines", "b", "192.0.2.1"),
      "refused: 192.0.2.1 is the last member of pool 'b', and a pool needs one; remove the pool, or add another "
      "member first");
}

TEST(YamlEdit, SetsTheState) {
  EXPECT_EQ(set_state("lines", "a", "192.0.2.1", MemberState::drain),
            "-      - {address: 192.0.2.1, site: dfw}   # rack 1\n"
            "+      - {address: 192.0.2.1, site: dfw, state: drain}   # rack 1\n");
  EXPECT_EQ(set_state("lines", "a", "192.0.2.2", MemberState::in),
            "-      - {address: 192.0.2.2, weight: 2, state: 'out'}   # rack 2\n"
            "+      - {address: 192.0.2.2, weight: 2, state: in}   # rack 2\n");
  EXPECT_EQ(set_state("lines", "b", "192.0.2.1", MemberState::out),
            "-      - {address: 192.0.2.1}\n"
            "+      - {address: 192.0.2.1, state: out}\n");
  EXPECT_EQ(set_state("blocks", "a", "192.0.2.1", MemberState::drain), "+        state: drain\n");
  EXPECT_EQ(set_state("blocks", "a", "192.0.2.2", MemberState::in),
            "-      state: drain   # since Monday\n"
            "+      state: in   # since Monday\n");
  EXPECT_EQ(set_state("blocks", "a", "192.0.2.3", MemberState::out), "+      state: out\n");
  EXPECT_EQ(set_state("brackets", "lines", "192.0.2.2", MemberState::drain),
            "-      {address: 192.0.2.2, },\n"
            "+      {address: 192.0.2.2, state: drain, },\n");
}

TEST(YamlEdit, LeavesAStateThatIsSoAlready) {
  EXPECT_EQ(set_state("lines", "a", "192.0.2.1", MemberState::in), "");
  EXPECT_EQ(set_state("lines", "a", "192.0.2.2", MemberState::out), "") << "the quotes stay";
  EXPECT_EQ(set_state("lines", "a", "192.0.2.9", MemberState::out), "refused: 192.0.2.9 is not a member of pool 'a'");
}

std::string change(const std::string& file, const std::vector<std::string_view>& which, const MemberChange& to) {
  const std::string text = testing::sample("edit/" + file + ".yaml");
  return changed(text, change_members(text, "a", addresses(which), to));
}

TEST(YamlEdit, SetsWeightAndSite) {
  EXPECT_EQ(change("lines", {"192.0.2.1"}, {.state = {}, .weight = 3, .site = {}}),
            "-      - {address: 192.0.2.1, site: dfw}   # rack 1\n"
            "+      - {address: 192.0.2.1, site: dfw, weight: 3}   # rack 1\n");
  EXPECT_EQ(change("lines", {"192.0.2.2"}, {.state = {}, .weight = 3, .site = "New York"}),
            "-      - {address: 192.0.2.2, weight: 2, state: 'out'}   # rack 2\n"
            "+      - {address: 192.0.2.2, weight: 3, state: 'out', site: 'New York'}   # rack 2\n");
  EXPECT_EQ(change("blocks", {"192.0.2.1"}, {.state = MemberState::drain, .weight = 0, .site = "ewr"}),
            "-        site: dfw            # Dallas\n"
            "+        site: ewr            # Dallas\n"
            "+        weight: 0\n"
            "+        state: drain\n");
  EXPECT_EQ(change("lines", {"192.0.2.1"}, {.state = {}, .weight = 1001, .site = {}}),
            "refused: '1001' is not a number from 0 to 1000");
}

TEST(YamlEdit, ManyAtOnce) {
  EXPECT_EQ(change("lines", {"192.0.2.2", "192.0.2.1"}, {.state = MemberState::drain, .weight = {}, .site = {}}),
            "-      - {address: 192.0.2.1, site: dfw}   # rack 1\n"
            "-      - {address: 192.0.2.2, weight: 2, state: 'out'}   # rack 2\n"
            "+      - {address: 192.0.2.1, site: dfw, state: drain}   # rack 1\n"
            "+      - {address: 192.0.2.2, weight: 2, state: drain}   # rack 2\n");
  const std::string text = testing::sample("edit/brackets.yaml");
  const std::vector<PoolMember> two = {member("192.0.2.9"), member("2001:db8::9", 2)};
  EXPECT_EQ(changed(text, add_members(text, "one-line", two)),
            "-  one-line: {ttl: 60, members: [{address: 192.0.2.1}, { address: 192.0.2.2, weight: 1 }, "
            "{address: 192.0.2.3, site: x} ]}   # all of them\n"
            "+  one-line: {ttl: 60, members: [{address: 192.0.2.1}, { address: 192.0.2.2, weight: 1 }, "
            "{address: 192.0.2.3, site: x}, {address: 192.0.2.9}, {address: \"2001:db8::9\", weight: 2} ]}"
            "   # all of them\n");
  EXPECT_EQ(changed(text, add_members(text, "lines", two)),
            "-      {address: 192.0.2.3}    # the last\n"
            "+      {address: 192.0.2.3},    # the last\n"
            "+      {address: 192.0.2.9},\n"
            "+      {address: \"2001:db8::9\", weight: 2}\n");
  EXPECT_EQ(changed(text, remove_members(text, "one-line", addresses({"192.0.2.3", "192.0.2.2"}))),
            "-  one-line: {ttl: 60, members: [{address: 192.0.2.1}, { address: 192.0.2.2, weight: 1 }, "
            "{address: 192.0.2.3, site: x} ]}   # all of them\n"
            "+  one-line: {ttl: 60, members: [{address: 192.0.2.1} ]}   # all of them\n");
  EXPECT_EQ(changed(text, remove_members(text, "mixed", addresses({"192.0.2.2", "192.0.2.3"}))),
            "-    members: [{address: 192.0.2.1}, {address: 192.0.2.2},   # two here\n"
            "-              # a third for Sundays\n"
            "-              {address: 192.0.2.3}]\n"
            "+    members: [{address: 192.0.2.1},   # two here\n"
            "+              # a third for Sundays\n"
            "+              ]\n");
}

TEST(YamlEdit, AllOfThemOrNone) {
  const std::string text = testing::sample("edit/lines.yaml");
  EXPECT_EQ(changed(text, add_members(text, "a", std::vector{member("192.0.2.9"), member("192.0.2.2")})),
            "refused: 192.0.2.2 is a member of pool 'a' already, in line 11");
  EXPECT_EQ(changed(text, add_members(text, "a", std::vector{member("192.0.2.9"), member("192.0.2.9")})),
            "refused: 192.0.2.9 twice");
  EXPECT_EQ(changed(text, remove_members(text, "a", addresses({"192.0.2.1", "192.0.2.9"}))),
            "refused: 192.0.2.9 is not a member of pool 'a'");
  const std::string two = "zone: a\nrecords: z\npools:\n  a:\n    members: [{address: 192.0.2.1}, {address: 192.0.2.2}]\n";
  EXPECT_EQ(changed(two, remove_members(two, "a", addresses({"192.0.2.1", "192.0.2.2"}))),
            "refused: these 2 are all members of pool 'a', and a pool needs one; remove the pool, or add another member "
            "first");
}

TEST(YamlEdit, TenThousandAtOnce) {
  std::vector<PoolMember> members;
  std::vector<IpAddress> every_second;
  for (unsigned i = 0; i < max_members - 1; ++i) {
    const IpAddress a = IpAddress::v4({10, 0, static_cast<uint8_t>(i >> 8), static_cast<uint8_t>(i)});
    members.push_back({a, 1, "dfw", MemberState::in, {}});
    if (i % 2 == 0) every_second.push_back(a);
  }
  const std::string text = "zone: a\nrecords: z\npools:\n  a:\n    members:\n      - {address: 192.0.2.1}\nnames: {}\n";
  const Result<std::string> full = add_members(text, "a", members);
  ASSERT_TRUE(full) << full.failure().message;
  EXPECT_EQ(changed(*full, add_members(*full, "a", std::vector{member("192.0.2.9")})),
            "refused: with them there would be 10001 members of pool 'a'; 10000 is the most");
  const Result<std::string> drained =
      change_members(*full, "a", every_second, {.state = MemberState::drain, .weight = {}, .site = {}});
  ASSERT_TRUE(drained) << drained.failure().message;
  const Result<std::string> half = remove_members(*drained, "a", every_second);
  ASSERT_TRUE(half) << half.failure().message;
  EXPECT_EQ(lines_of(*half).size(), lines_of(*full).size() - every_second.size());
  EXPECT_EQ(half->find("drain"), std::string::npos);
}

TEST(YamlEdit, KeepsLineEndsOfTheOtherKind) {
  const std::string text =
      "zone: a\r\nrecords: z\r\npools:\r\n  a:\r\n    members:\r\n      - address: 192.0.2.1\r\n"
      "      - {address: 192.0.2.2}\r\n";
  EXPECT_EQ(changed(text, add_member(text, "a", member("192.0.2.9"))), "+      - {address: 192.0.2.9}\r\n");
  EXPECT_EQ(changed(text, set_member_state(text, "a", address("192.0.2.1"), MemberState::drain)),
            "+        state: drain\r\n");
  EXPECT_EQ(changed(text, remove_member(text, "a", address("192.0.2.2"))), "-      - {address: 192.0.2.2}\r\n");
}

TEST(YamlEdit, RefusesWhatItCannotProve) {
  const auto file = [](const std::string& members) {
    return "zone: a\nrecords: z\npools:\n  a:\n    members:\n" + members;
  };
  // The end of a block scalar is not known.
  const std::string folded =
      file("      - {address: 192.0.2.1}\n      - address: 192.0.2.2\n        site: >-\n          dfw\n");
  EXPECT_EQ(changed(folded, remove_member(folded, "a", address("192.0.2.2"))),
            "refused: line 7 is written in a way that cannot be changed safely; please edit it by hand");
  EXPECT_EQ(changed(folded, set_member_state(folded, "a", address("192.0.2.2"), MemberState::out)),
            "refused: line 7 is written in a way that cannot be changed safely; please edit it by hand");
  const std::string commented = file("      - {address: 192.0.2.1}\n      - # here\n        {address: 192.0.2.2}\n");
  EXPECT_EQ(changed(commented, remove_member(commented, "a", address("192.0.2.2"))),
            "refused: line 8 is written in a way that cannot be changed safely; please edit it by hand");
  const std::string broken = file("      - {address: 192.0.2.1\n");
  EXPECT_THAT(changed(broken, remove_member(broken, "a", address("192.0.2.2"))),
              HasSubstr("refused: line 7: expected"));
  const std::string none = "zone: a\nrecords: z\npools: {a: {members: []}}\n";
  EXPECT_EQ(changed(none, remove_member(none, "a", address("192.0.2.2"))),
            "refused: line 3: pool 'a' has no members");
  const std::string aliased = file("      - &x {address: 192.0.2.1}\n");
  EXPECT_THAT(changed(aliased, remove_member(aliased, "a", address("192.0.2.2"))),
              HasSubstr("refused: line 6: anchors are not supported"));
}

}  // namespace
}  // namespace dnsd
