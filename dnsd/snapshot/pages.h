// The pages of a pool: names that together list every member, for those who must see it whole.
//
//   street: {pool: street, pages: true}     page-1.street, page-2.street …   A and AAAA, each within the cap
//                                           pages.street                     how many there are
//
// Which pages there are follows from the definition alone, members that are `out` left aside, and never from what is in
// service: names stay while members come and go. Pure functions.
#pragma once

#include <string_view>

#include "base/ip_address.h"
#include "base/result.h"
#include "dnsd/pools/pool_definition.h"
#include "zones/name.h"

namespace dnsd {

// Address records that fit an answer without EDNS: header, question and they must not exceed 512 octets (RFC 1035
// 4.2.1). A wildcard stands for names of any length.
unsigned room_without_edns(NameView owner, Family family);

// The most members of a family on a page: the cap, as far as that many fit an answer without EDNS. The same for all
// pages of a name, whichever of them is `page_owner`.
unsigned page_size(NameView page_owner, const PoolDefinition& pool, Family family);

// The most members of one family there are to list, in pages. 0 where every member is `out`, or where the name is too
// long to have pages.
unsigned page_count(const NameRule& rule, const PoolDefinition& pool);

// LABEL.OWNER. A Failure where that is too long a name. Precondition: a label of 1 to 63 octets.
Result<Name> name_below(NameView owner, std::string_view label);
// page-N.OWNER and pages.OWNER. A Failure where that is too long a name.
Result<Name> page_name(NameView owner, unsigned number);
Result<Name> pages_name(NameView owner);

}  // namespace dnsd
