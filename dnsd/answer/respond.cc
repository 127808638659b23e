#include "dnsd/answer/respond.h"

#include <algorithm>

#include "dnsd/answer/answerer.h"
#include "dnsd/answer/chaos.h"
#include "dnsd/answer/message_writer.h"
#include "dnsd/answer/query.h"
#include "dnsd/snapshot/snapshot.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

constexpr size_t plain_udp_response = 512;  // RFC 1035 4.2.1

size_t response_limit(const ServerSettings& settings, const Query& query, const Client& client) {
  if (client.transport != Transport::udp) return max_tcp_response;
  if (!query.edns.present) return plain_udp_response;
  // A payload size below 512 counts as 512 (RFC 6891 6.2.3).
  return std::clamp<size_t>(query.edns.payload, plain_udp_response, settings.udp_response_limit);
}

// Why a query is not answered from the zones. A row of guards; RCODE and extended error belong together.
struct Refusal {
  Rcode rcode = Rcode::NOERROR;  // none
  ExtendedError error = ExtendedError::none;
  std::string_view text = {};
};

Refusal refuse_cookie(const Client& client, const ServerSettings& settings, CookieState state) {
  if (settings.cookies.policy != CookiePolicy::require || client.transport != Transport::udp) return {};
  // Who does not know cookies is answered as ever; who does must have learned ours (RFC 7873 5.2.3, 5.2.4).
  if (state == CookieState::client_only || state == CookieState::invalid) return {Rcode::BADCOOKIE};
  return {};
}

Refusal refuse_type(const Query& query) {
  if (query.type == rr_type::OPT) return {Rcode::FORMERR, ExtendedError::other, "OPT is no question"};
  if (query.type == rr_type::AXFR || query.type == rr_type::IXFR)
    return {Rcode::REFUSED, ExtendedError::prohibited, "no zone transfers"};
  // Questions that only ever meant something between old mail systems, and types of messages.
  if (is_meta_type(query.type) && query.type != rr_type::ANY) return {Rcode::REFUSED, ExtendedError::not_supported};
  return {};
}

Refusal refuse(Verdict verdict, const Query& query, const Client& client, const ServerSettings& settings,
               CookieState cookie) {
  switch (verdict) {
    case Verdict::drop:
    case Verdict::form_error: return {Rcode::FORMERR, ExtendedError::other, query.defect};
    case Verdict::not_implemented: return {Rcode::NOTIMP, ExtendedError::not_supported};
    case Verdict::bad_version: return {Rcode::BADVERS};
    case Verdict::cookie_only:
      if (cookie == CookieState::none) return {Rcode::FORMERR, ExtendedError::other, query.defect};
      return {cookie == CookieState::invalid ? Rcode::BADCOOKIE : Rcode::NOERROR};
    case Verdict::answer: break;
  }
  if (const Refusal no_cookie = refuse_cookie(client, settings, cookie); no_cookie.rcode != Rcode::NOERROR)
    return no_cookie;
  if (query.klass == rr_class::CH) return {};
  if (query.klass != rr_class::IN) return {Rcode::REFUSED, ExtendedError::not_supported, "class IN only"};
  return refuse_type(query);
}

}  // namespace

size_t respond(const Snapshot& snapshot, RotationState& state, Bytes packet, const Client& client, Instant now,
               MutableBytes out) noexcept {
  Query query;
  const Verdict verdict = read_query(packet, query);
  if (verdict == Verdict::drop) return 0;
  const ServerSettings& settings = snapshot.settings;
  ResponseOpt opt(query.edns, client, settings, now);
  MessageWriter writer(query, response_limit(settings, query, client), opt, out);
  Refusal refusal = refuse(verdict, query, client, settings, opt.cookie_state());
  if (refusal.rcode == Rcode::NOERROR && verdict == Verdict::answer) {
    if (query.klass == rr_class::IN) {
      Answerer(snapshot, state, query, client, now, writer).answer();
    } else if (!answer_chaos(query, settings.identity, writer)) {
      refusal = {Rcode::REFUSED, ExtendedError::not_supported};
    }
  }
  if (refusal.rcode != Rcode::NOERROR) {
    writer.set_rcode(refusal.rcode);
    opt.set_error(refusal.error, refusal.text);
  }
  return writer.finish();
}

}  // namespace dnsd
