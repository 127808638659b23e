#include "dnsd/answer/respond.h"

#include <algorithm>

#include "dnsd/answer/answerer.h"
#include "dnsd/answer/message_writer.h"
#include "dnsd/answer/query.h"
#include "dnsd/snapshot/snapshot.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

constexpr size_t plain_udp_response = 512;  // RFC 1035 4.2.1

size_t response_limit(const Snapshot& snapshot, const Query& query, const Client& client) {
  if (client.transport != Transport::udp) return max_tcp_response;
  if (!query.edns.present) return plain_udp_response;
  // A payload size below 512 counts as 512 (RFC 6891 6.2.3).
  return std::clamp<size_t>(query.edns.payload, plain_udp_response, snapshot.udp_response_limit);
}

// What cannot be answered whatever the zones hold; NOERROR where there is no such reason.
Rcode refusal(const Query& query) {
  if (query.klass != rr_class::IN) return Rcode::REFUSED;
  if (query.type == rr_type::OPT) return Rcode::FORMERR;
  // Zone transfers, and questions of types that only ever meant something between old mail systems.
  if (is_meta_type(query.type) && query.type != rr_type::ANY) return Rcode::REFUSED;
  return Rcode::NOERROR;
}

Rcode rcode_of(Verdict verdict, const Query& query) {
  switch (verdict) {
    case Verdict::answer: return refusal(query);
    case Verdict::not_implemented: return Rcode::NOTIMP;
    case Verdict::bad_version: return Rcode::BADVERS;
    case Verdict::form_error:
    case Verdict::drop: break;
  }
  return Rcode::FORMERR;
}

}  // namespace

size_t respond(const Snapshot& snapshot, RotationState& state, Bytes packet, const Client& client, Instant now,
               MutableBytes out) noexcept {
  Query query;
  const Verdict verdict = read_query(packet, query);
  if (verdict == Verdict::drop) return 0;
  MessageWriter writer(query, response_limit(snapshot, query, client), out);
  const Rcode refused = rcode_of(verdict, query);
  if (refused == Rcode::NOERROR) {
    Answerer(snapshot, state, query, client, now, writer).answer();
  } else {
    writer.set_rcode(refused);
  }
  return writer.finish(static_cast<uint16_t>(snapshot.udp_response_limit));
}

}  // namespace dnsd
