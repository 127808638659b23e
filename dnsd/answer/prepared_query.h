// The first half of an answer: a query read, its zone found, its name looked up.
//
// It is cut into steps, so that the queries of a batch can take each of them together: where the zones, or the prefixes
// of clients, are larger than the caches, each step asks for the memory that the next one needs, and while one query waits
// for it, so do the others.
//
//   prepare()       read the query, find the zone, hash the name      asks for its place in the table of names
//   fetch_node()                                                      asks for the node that stands there
//   find_name()     look the name up                                  asks for what is known of the client's network
//   fetch_client()                                                    asks for the rest of that
//   respond_prepared()
//
// fetch_node() and fetch_client() may be left out: they change nothing but the time that the next step takes.
// Thread safety: pure functions.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "dnsd/answer/lookup.h"
#include "dnsd/answer/query.h"
#include "dnsd/snapshot/snapshot.h"

namespace dnsd {

struct Client;  // respond.h

struct PreparedQuery {
  Query query;
  Verdict verdict = Verdict::drop;
  bool usual = false;                  // read_usual_query() took it
  const ServedZone* served = nullptr;  // null where the query is none, or of no zone of ours
  uint64_t name_hash = 0;              // of the whole name, where there is a zone
  Located located{};                   // where it is, after find_name()
  const Audience* audience = nullptr;  // whose clients get something else there
};

// `packet` and `snapshot` must outlive `prepared`.
void prepare(const Snapshot& snapshot, Bytes packet, PreparedQuery& prepared);
void fetch_node(const PreparedQuery& prepared);
void find_name(const Snapshot& snapshot, const Client& client, PreparedQuery& prepared);
void fetch_client(const Client& client, const PreparedQuery& prepared);

}  // namespace dnsd
