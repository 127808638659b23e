// Many edits in a row, drawn at random with fixed seeds, of the example and of every other way to write members:
// after each of them the file says what it should, and all lines but the one that was meant are as they were.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "dnsd/config/yaml_edit.h"
#include "dnsd/config/zone_config.h"
#include "loading.h"

namespace dnsd {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text) {
  Lines lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    lines.push_back(text.substr(at, end - at));
    at = end;
  }
  return lines;
}

// The lines that are not common to the beginning or the end of both: of the first, and of the second.
std::pair<Lines, Lines> difference(const std::string& before, const std::string& after) {
  Lines a = lines_of(before), b = lines_of(after);
  const auto [head_a, head_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  a.erase(a.begin(), head_a);
  b.erase(b.begin(), head_b);
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    a.pop_back();
    b.pop_back();
  }
  return {a, b};
}

size_t count(const std::string& text, char c) { return static_cast<size_t>(std::count(text.begin(), text.end(), c)); }

// A file under edit, beside what it should say.
class Edited {
 public:
  Edited(std::string text, unsigned seed) : text_(std::move(text)), draw_(seed) {
    const ZoneConfig config = read();
    pool_ = config.pools[0].name;
    members_ = config.pools[0].members;
  }

  void step() {
    const std::string before = text_;
    const size_t count_before = members_.size();
    switch (draw(3)) {
      case 0: add(); break;
      case 1: remove(); break;
      default: set_state(); break;
    }
    expect_members();
    check_only_one_place_changed(before, members_.size() < count_before);
  }

  // Several members at a time, wherever they stand.
  void step_with_many() {
    switch (draw(3)) {
      case 0: add_many(); break;
      case 1: remove_many(); break;
      default: change_many(); break;
    }
    expect_members();
  }

 private:
  void expect_members() const {
    const ZoneConfig config = read();
    ASSERT_FALSE(config.pools.empty()) << text_;
    const std::vector<PoolMember>& found = config.pools[0].members;
    ASSERT_EQ(found.size(), members_.size()) << text_;
    for (size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].address, members_[i].address);
      EXPECT_EQ(found[i].weight, members_[i].weight);
      EXPECT_EQ(found[i].site, members_[i].site);
      EXPECT_EQ(found[i].state, members_[i].state);
    }
  }

  size_t draw(size_t below) { return static_cast<size_t>(draw_()) % below; }

  ZoneConfig read() const {
    Diagnostics diagnostics;
    std::optional<ZoneConfig> config = parse_zone_config(text_, "f.yaml", diagnostics);
    EXPECT_EQ(to_text(diagnostics), "") << text_;
    return config.value_or(ZoneConfig());
  }

  void take(const Result<std::string>& edited) {
    ASSERT_TRUE(edited) << edited.failure().message << "\n" << text_;
    text_ = *edited;
  }

  void add() {
    const PoolMember member = new_member();
    take(add_members(text_, pool_, std::span(&member, 1)));
    members_.push_back(member);
  }

  void add_many() {
    std::vector<PoolMember> many;
    for (size_t i = 0, count = 1 + draw(4); i < count; ++i) many.push_back(new_member());
    take(add_members(text_, pool_, many));
    members_.insert(members_.end(), many.begin(), many.end());
  }

  // Each with a chance of one half; at least one stays.
  std::vector<IpAddress> some(size_t most) {
    std::vector<IpAddress> addresses;
    for (const PoolMember& member : members_)
      if (draw(2) == 0 && addresses.size() < most) addresses.push_back(member.address);
    return addresses;
  }

  void remove_many() {
    const std::vector<IpAddress> gone = some(members_.size() - 1);
    if (gone.empty()) return;
    take(remove_members(text_, pool_, gone));
    std::erase_if(members_, [&](const PoolMember& m) { return std::ranges::find(gone, m.address) != gone.end(); });
  }

  void change_many() {
    MemberChange change;
    if (draw(2) == 0) change.weight = static_cast<uint32_t>(draw(5));
    if (draw(2) == 0) change.site = draw(2) == 0 ? "dfw" : "it's: #1";
    if (draw(2) == 0) change.state = static_cast<MemberState>(draw(3));
    const std::vector<IpAddress> which = some(members_.size());
    take(change_members(text_, pool_, which, change));
    for (PoolMember& member : members_) {
      if (std::ranges::find(which, member.address) == which.end()) continue;
      member.weight = change.weight.value_or(member.weight);
      member.site = change.site.value_or(member.site);
      member.state = change.state.value_or(member.state);
    }
  }

  PoolMember new_member() {
    static const std::vector<std::string> sites = {"", "", "dfw", "New York", "it's: #1", "null", "-", "Zürich", "~"};
    PoolMember member;
    const uint8_t last = static_cast<uint8_t>(++added_ & 255), middle = static_cast<uint8_t>(added_ >> 8);
    if (draw(2) == 0) {
      member.address = IpAddress::v4({10, 1, middle, last});
    } else {
      member.address = IpAddress::v6({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, middle, last});
    }
    if (draw(3) == 0) member.weight = static_cast<uint32_t>(draw(max_weight + 1));
    member.site = sites[draw(sites.size())];
    member.state = static_cast<MemberState>(draw(3));
    return member;
  }

  void remove() {
    const size_t index = draw(members_.size());
    const Result<std::string> edited = remove_members(text_, pool_, std::span(&members_[index].address, 1));
    if (members_.size() == 1) {
      EXPECT_FALSE(edited);
      return;
    }
    take(edited);
    members_.erase(members_.begin() + static_cast<std::ptrdiff_t>(index));
  }

  void set_state() {
    PoolMember& member = members_[draw(members_.size())];
    const auto state = static_cast<MemberState>(draw(3));
    const bool so_already = member.state == state;
    const std::string before = text_;
    take(change_members(text_, pool_, std::span(&member.address, 1), {.state = state, .weight = {}, .site = {}}));
    EXPECT_EQ(text_ == before, so_already);
    member.state = state;
  }

  // Comments that are on lines of their own, and what is said of other members, stand outside the difference.
  void check_only_one_place_changed(const std::string& before, bool removed) const {
    EXPECT_EQ(count(text_, '\r'), count(before, '\r') > 0 ? count(text_, '\n') : 0);
    const auto [out, in] = difference(before, text_);
    EXPECT_LE(std::max(out.size(), in.size()), most_lines) << before << "\n---\n" << text_;
    if (removed) return;  // with the comment behind it
    size_t comments_out = 0, comments_in = 0;
    for (const std::string& line : out) comments_out += count(line, '#');
    for (const std::string& line : in) comments_in += count(line, '#');
    EXPECT_GE(comments_in, comments_out) << before << "\n---\n" << text_;
  }

  static constexpr size_t most_lines = 5;  // address, weight, site and state of a block, and the line before
  std::string text_;
  std::string pool_;
  std::vector<PoolMember> members_;
  unsigned added_ = 0;
  std::mt19937 draw_;
};

void edit_often(const std::string& text, unsigned steps) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE(seed);
    Edited edited(text, seed);
    for (unsigned i = 0; i < steps && !::testing::Test::HasFailure(); ++i) edited.step();
    Edited by_many(text, seed);
    for (unsigned i = 0; i < steps && !::testing::Test::HasFailure(); ++i) by_many.step_with_many();
  }
}

TEST(YamlEditAtRandom, TheExample) {
  std::ifstream file(SOURCE_DIRECTORY "/examples/zones/api.example.com.yaml", std::ios::binary);
  edit_often({std::istreambuf_iterator<char>(file), {}}, 60);
}

TEST(YamlEditAtRandom, EveryWayToWriteMembers) {
  const std::string head = "zone: example.com\nrecords: z\npools:\n  a:\n    members:";
  const std::string tail = "names:\n  www: {pool: a}\n";
  const std::vector<std::string> ways = {
      " [{address: 192.0.2.1}]\n",
      " [ { address: 192.0.2.1, weight: 3 }, {address: '192.0.2.2', site: \"a, b} # c\"}, ]   # a comment, with "
      "comma\n",
      " [{address: 192.0.2.1},   # one\n              {address: 192.0.2.2}]   # two\n",
      " [\n      {address: 192.0.2.1},   # one\n      # between, the two\n      {address: 192.0.2.2}    # two\n    "
      "]\n",
      " [\n      {address: 192.0.2.1}, {address: 192.0.2.2},\n      {address: 192.0.2.3},\n    ]\n",
      "\n    - {address: 192.0.2.1}\n    -   {address: 192.0.2.2,\n         state: 'drain'}   # two\n",
      "\n      - address: 192.0.2.1   # one\n        site: 'it''s'\n\n      # the second\n      -\n"
      "        address: 192.0.2.2\n",
      "\n      - site: \"x\\\"y\"\n        address: \"2001:db8::\"\n      - {address: 192.0.2.2}\n",
  };
  for (const std::string& way : ways) {
    SCOPED_TRACE(way);
    edit_often(head + way + tail, 25);
    edit_often("names: {}\n" + head + way.substr(0, way.size() - 1), 25);  // no line end at the end
    std::string other_ends;
    for (const char c : head + way + tail) other_ends.append(c == '\n' ? "\r\n" : std::string(1, c));
    edit_often(other_ends, 25);
  }
}

}  // namespace
}  // namespace dnsd
