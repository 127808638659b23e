#include "dnsd/answer/prepared_query.h"

#include "dnsd/answer/lookup.h"
#include "dnsd/answer/usual_query.h"

namespace dnsd {

void prepare(const Snapshot& snapshot, Bytes packet, PreparedQuery& prepared) {
  Query& query = prepared.query;
  prepared.usual = read_usual_query(packet, query);
  if (prepared.usual) [[likely]] {
    prepared.verdict = Verdict::answer;
  } else {
    query.edns = {};
    query.question_end = 0;
    prepared.verdict = read_query(packet, query);
    if (prepared.verdict != Verdict::answer) return;
  }
  prepared.served = find_zone(snapshot, query.name, query.type);
  if (prepared.served) prepared.name_hash = snapshot.hash(query.name.lowercase());
}

}  // namespace dnsd
