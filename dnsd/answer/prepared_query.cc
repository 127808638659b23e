#include "dnsd/answer/prepared_query.h"

#include "dnsd/answer/client_subnet.h"
#include "dnsd/answer/respond.h"
#include "dnsd/answer/usual_query.h"

namespace dnsd {

void prepare(const Snapshot& snapshot, Bytes packet, PreparedQuery& prepared) {
  Query& query = prepared.query;
  query.edns = {};
  prepared.served = nullptr;
  prepared.audience = nullptr;
  prepared.usual = read_usual_query(packet, query);
  if (prepared.usual) [[likely]] {
    prepared.verdict = Verdict::answer;
  } else {
    query.edns = {};
    query.tsig = {};
    query.defect = {};
    query.question_end = 0;
    prepared.verdict = read_query(packet, query);
    if (prepared.verdict != Verdict::answer) return;
  }
  prepared.served = find_zone(snapshot, query.name, query.type);
  if (!prepared.served) return;
  prepared.name_hash = snapshot.hash(query.name.lowercase());
  prepared.served->zone->prefetch_slot(prepared.name_hash);
}

void fetch_node(const PreparedQuery& prepared) {
  if (prepared.served) prepared.served->zone->prefetch_node(prepared.name_hash);
}

void find_name(const Snapshot& snapshot, const Client& client, PreparedQuery& prepared) {
  if (!prepared.served) return;
  const ServedZone& served = *prepared.served;
  const Query& query = prepared.query;
  prepared.located = locate(*served.zone, query.name, prepared.name_hash, query.type, snapshot.hash);
  if (prepared.located.kind > Located::Kind::wildcard) return;
  const uint32_t shape = served.zone->node(prepared.located.node).shape();
  if (shape == no_shape || !served.shapes[shape].audience) [[likely]] return;
  prepared.audience = served.shapes[shape].audience;
  prepared.audience->clients.prefetch(client_network(query.edns.client_subnet, client.source).address, 0);
}

void fetch_client(const Client& client, const PreparedQuery& prepared) {
  if (!prepared.audience) return;
  const Bytes option = prepared.query.edns.client_subnet;
  prepared.audience->clients.prefetch(client_network(option, client.source).address, 1);
}

}  // namespace dnsd
