// Address hints of SVCB and HTTPS records (RFC 9460 7.3) that follow what a shaped name answers for A and AAAA.
#pragma once

#include "dnsd/answer/shaping.h"

namespace dnsd {

// Whether a stored record offers a service at its own owner, the only one whose addresses are shaped with it: in
// ServiceMode, with the target "." or the owner's name.
bool is_own_service(Bytes record, NameView owner);

// Writes the record with the addresses of the answers in place of those of its ipv4hint and ipv6hint; a hint that the
// record does not have stays away, and one without an address goes. The TTL becomes the least of all.
// Returns the octets written, 0 where they do not fit.
size_t write_with_hints(Bytes record, const ShapedAnswer& v4, const ShapedAnswer& v6, MutableBytes out);

}  // namespace dnsd
