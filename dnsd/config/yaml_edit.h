// Edits of zones/*.yaml that change only the octets concerned: comments, order and formatting stay.
//
// Whatever the way in which a file is written, the result is read again and compared with what was there: everything
// but the one change must be equal, else a Failure says where to edit by hand. A file with defects is not edited. A
// new member takes the indentation and the style of the one before it:
//
//   members:
//     - {address: 198.51.100.1, site: dfw}   # the first
//     - {address: 198.51.100.2, site: ewr}                      <- added as a line
//   members: [{address: 198.51.100.1}, {address: 198.51.100.2}]   <- added within the brackets
//
// Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "base/result.h"
#include "dnsd/pools/pool_definition.h"

namespace dnsd {

// The text with `member` as the last of the pool. Its place does not matter.
Result<std::string> add_member(std::string_view text, std::string_view pool, const PoolMember& member);

// The text without the member, its lines and the comment behind it. The last member of a pool cannot be removed.
Result<std::string> remove_member(std::string_view text, std::string_view pool, const IpAddress& address);

// The text with the member in that state. A Failure where it is in that state already.
Result<std::string> set_member_state(std::string_view text, std::string_view pool, const IpAddress& address,
                                     MemberState state);

}  // namespace dnsd
