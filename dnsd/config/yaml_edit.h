// Edits of zones/*.yaml that change only the octets concerned: comments, order and formatting stay. An edit of ten
// thousand members takes little longer than one of a single member, and happens as a whole or not at all.
//
// Whatever the way in which a file is written, the result is read again and compared with what was there: everything
// but the change must be equal, else a Failure says where to edit by hand. A file with defects is not edited. A
// new member takes the indentation and the style of the one before it:
//
//   members:
//     - {address: 198.51.100.1, site: dfw}   # the first
//     - {address: 198.51.100.2, site: ewr}                      <- added as a line
//   members: [{address: 198.51.100.1}, {address: 198.51.100.2}]   <- added within the brackets
//
// Thread safety: pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "base/result.h"
#include "dnsd/pools/pool_definition.h"

namespace dnsd {

// The text with `members` as the last of the pool, in this order. Their places do not matter. At least one.
Result<std::string> add_members(std::string_view text, std::string_view pool, std::span<const PoolMember> members);

// The text without these members, their lines and the comments behind them. One member of the pool must stay.
Result<std::string> remove_members(std::string_view text, std::string_view pool, std::span<const IpAddress> addresses);

// What is to be of a member; what is absent stays as it is.
struct MemberChange {
  std::optional<MemberState> state;
  std::optional<uint32_t> weight;
  std::optional<std::string> site;
};

// The text with these members so. One that is so already stays as it is written, and the text where all are.
Result<std::string> change_members(std::string_view text, std::string_view pool, std::span<const IpAddress> addresses,
                                   const MemberChange& change);

}  // namespace dnsd
