// The first half of an answer: a query read, its zone found, the place of its name known.
//
// It is a step of its own so that many queries can take it together, before any of them is answered: while one waits for
// memory, so do the others (batch.h).
// Thread safety: pure functions.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "dnsd/answer/query.h"
#include "dnsd/snapshot/snapshot.h"

namespace dnsd {

struct PreparedQuery {
  Query query;
  Verdict verdict = Verdict::drop;
  bool usual = false;  // read_usual_query() took it
  const ServedZone* served = nullptr;  // null where the query is none, or of no zone of ours
  uint64_t name_hash = 0;              // of the whole name, where there is a zone
};

// `packet` and `snapshot` must outlive `prepared`, which is fresh.
void prepare(const Snapshot& snapshot, Bytes packet, PreparedQuery& prepared);

}  // namespace dnsd
