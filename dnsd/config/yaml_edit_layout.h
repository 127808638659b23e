// How the items of a list are written (members of a pool, entries of a pinned set), and edits of a text as far as the
// way of writing allows them: none where something unusual stands in the way. What an edit did to the meaning is for
// the caller to prove (yaml_edit.cc).
//
//   members:                                    members: [{address: 198.51.100.1},   # the first
//     - {address: 198.51.100.1}   # a line                {address: 198.51.100.2}]
//     - address: 198.51.100.2     # a block
//       site: dfw
//
// Nodes are those of the text that is given along with them. Thread safety: pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dnsd/config/yaml_document.h"
#include "dnsd/pools/pool_definition.h"

namespace dnsd {

// Octets [begin, end) of a text become `with`.
struct Splice {
  size_t begin;
  size_t end;
  std::string with;
};
using Splices = std::vector<Splice>;

// The text with all of them, whatever their order; of those at one place the first comes first. Where removals overlap
// they are one.
std::string spliced(std::string_view text, Splices splices);

// An item of a list as its "key: value" pairs, or a single value.
using ItemTexts = std::vector<std::string>;
// More items behind the last of `list`, which has at least one, with its indentation and style.
std::optional<Splices> with_items(std::string_view text, const YamlNode& list, std::span<const ItemTexts> items);
// The same of a pool's members.
std::optional<Splices> with_members(std::string_view text, const YamlNode& list, std::span<const PoolMember> members);

// Without a member and, where its lines are its own, the comment behind it. `others_follow`: one of those behind it
// stays in the list.
std::optional<Splices> without_member(std::string_view text, const YamlNode& list, size_t index, bool others_follow);

// A key of a member and its value as text. A key that is not there is added behind the last one.
struct MemberPair {
  std::string key;
  std::string value;
};
std::optional<Splices> with_pairs(std::string_view text, const YamlNode& member, const std::vector<MemberPair>& pairs);

// A value as it is written, in quotes where it needs them.
std::string scalar_text(std::string_view value);

}  // namespace dnsd
