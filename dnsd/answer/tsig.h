// Transaction signatures (RFC 8945), as far as a server that knows no key must know them: a signed query is told so.
//
// Thread safety: pure functions.
#pragma once

#include "base/bytes.h"

namespace dnsd {

// A TSIG record as it stands in a query. Empty: there is none.
struct Tsig {
  Bytes key_name;  // uncompressed
  Bytes rdata;
  bool present() const { return !key_name.empty(); }
};

// Whether RDATA has the form of 4.2:
//
//   algorithm name | time signed, 6 | fudge, 2 | MAC size, 2 | MAC | original ID, 2 | error, 2 | other size, 2 | other
bool is_tsig_rdata(Bytes rdata);

// Writes the record that says BADKEY (5.2.1), not signed (5.3.2), to `out`; the octets written, 0 where there is no room.
// Precondition: is_tsig_rdata(query.rdata).
size_t write_bad_key(const Tsig& query, MutableBytes out);

}  // namespace dnsd
