// An answer that does not fit the way out, cut to what always does.
//
// Pure. Thread safety: any thread.
#pragma once

#include "base/bytes.h"

namespace dnsd {

// Cuts a response in place to header, question and OPT, as it had them, with TC set (RFC 9715 3.1, RFC 6891 7). Its
// new length; 0 where the octets are no response of ours, and then they are as before.
size_t cut_answer(MutableBytes answer);

}  // namespace dnsd
