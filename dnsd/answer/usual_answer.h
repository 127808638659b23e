// The answers that nearly all queries get, written in one go: the records of one RRset or of a pool at the name that was
// asked, or the SOA record that says that there are none.
//
// It is the general way (respond.cc, answerer.cc) without what these answers do not need: no signature, no alias, no
// referral, no additional record, no name to compress, nothing refused. Both write the same octets; the tests and the
// fuzzer of packets compare them. It takes half of the instructions (a fixed address: 1,200 become 675).
#pragma once

#include "dnsd/answer/respond.h"

namespace dnsd {

// Octets of the answer; 0 where the answer is another one: `out` is then undefined, and `state` as it was.
// Preconditions: those of respond_prepared(), and prepared.usual.
size_t answer_usual(const Snapshot& snapshot, RotationState& state, const PreparedQuery& prepared, const Client& client,
                    Instant now, MutableBytes out);

}  // namespace dnsd
