// How the members of a pool are written, and edits of a text as far as the way of writing allows them: none where
// something unusual stands in the way. What an edit did to the meaning is for the caller to prove (yaml_edit.cc).
//
//   members:                                    members: [{address: 198.51.100.1},   # the first
//     - {address: 198.51.100.1}   # a line                {address: 198.51.100.2}]
//     - address: 198.51.100.2     # a block
//       site: dfw
//
// Nodes are those of the text that is given along with them. Thread safety: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dnsd/config/yaml_document.h"
#include "dnsd/pools/pool_definition.h"

namespace dnsd {

// One more member behind the last of `list`, which has at least one, with its indentation and style.
std::optional<std::string> with_member(std::string_view text, const YamlNode& list, const PoolMember& member);

// Without the member and, where its lines are its own, the comment behind it. `list` has at least two.
std::optional<std::string> without_member(std::string_view text, const YamlNode& list, size_t index);

// `state` as the value of the key of that name, which is added behind the last key where there is none.
std::optional<std::string> with_state(std::string_view text, const YamlNode& member, std::string_view state);

}  // namespace dnsd
