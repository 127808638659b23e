#include "dnsd/snapshot/pages.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "dnsd/snapshot/answer_sets.h"

namespace dnsd {
namespace {

// The octets of the longest label that a page can have: a pool of max_members, one on each page.
static_assert(max_members == 10000);
constexpr size_t longest_label = 1 + std::string_view("page-10000").size();

unsigned room_for(size_t owner_octets, Family family) {
  return static_cast<unsigned>((512 - 12 - (owner_octets + 4)) / address_record_size(family));
}

unsigned pages_for(size_t members, unsigned size) { return static_cast<unsigned>((members + size - 1) / size); }

}  // namespace

unsigned room_without_edns(NameView owner, Family family) {
  return room_for(owner.is_wildcard() ? max_name_octets : owner.size(), family);
}

// A name of the greatest length leaves room for 8 records and more, so that no page is empty for want of it.
unsigned page_size(NameView page_owner, const PoolDefinition& pool, Family family) {
  const size_t longest = std::min(longest_label + page_owner.parent().size(), max_name_octets);
  return std::min(pool.cap, room_for(longest, family));
}

unsigned page_count(const NameRule& rule, const PoolDefinition& pool) {
  const Result<Name> first = page_name(rule.owner, 1);
  if (!first) return 0;
  unsigned most = 0;
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    const auto listed = std::ranges::count_if(pool.members, [family](const PoolMember& m) {
      return m.address.family() == family && m.state != MemberState::out;
    });
    most = std::max(most, pages_for(static_cast<size_t>(listed), page_size(*first, pool, family)));
  }
  return most;
}

Result<Name> name_below(NameView owner, std::string_view label) {
  const size_t size = 1 + label.size() + owner.size();
  if (size > max_name_octets) {
    return Failure{std::string(label) + "." + to_text(owner) + " would be a name of " + std::to_string(size) +
                   " octets, and " + std::to_string(max_name_octets) + " is the most"};
  }
  std::array<uint8_t, max_name_octets> octets;
  octets[0] = static_cast<uint8_t>(label.size());
  uint8_t* end = std::ranges::copy(label, octets.begin() + 1).out;
  std::ranges::copy(owner.wire(), end);
  return Name(NameView(Bytes(octets.data(), size)));
}

Result<Name> page_name(NameView owner, unsigned number) { return name_below(owner, "page-" + std::to_string(number)); }

Result<Name> pages_name(NameView owner) { return name_below(owner, "pages"); }

}  // namespace dnsd
