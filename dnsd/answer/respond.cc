#include "dnsd/answer/respond.h"

#include <algorithm>

#include "dnsd/answer/answerer.h"
#include "dnsd/answer/chaos.h"
#include "dnsd/answer/client_subnet.h"
#include "dnsd/answer/message_writer.h"
#include "dnsd/answer/prepared_query.h"
#include "dnsd/answer/usual_answer.h"
#include "dnsd/snapshot/snapshot.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

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
  switch (query.type) {
    case rr_type::AXFR:
    case rr_type::IXFR: return {Rcode::REFUSED, ExtendedError::prohibited, "no zone transfers"};
    // Only ever meant something between old mail systems (RFC 1035 3.2.3).
    case rr_type::MAILA:
    case rr_type::MAILB: return {Rcode::REFUSED, ExtendedError::not_supported};
    // Other types that are in no zone are not found there.
    default: return {};
  }
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
  // Whoever signs must know that it is not verified here (RFC 8945 5.2.1).
  if (query.tsig.present()) return {Rcode::NOTAUTH, ExtendedError::not_supported};
  if (const Refusal no_cookie = refuse_cookie(client, settings, cookie); no_cookie.rcode != Rcode::NOERROR)
    return no_cookie;
  switch (query.klass) {
    case rr_class::IN:
    case rr_class::ANY: return refuse_type(query);
    case rr_class::CH: return {};
    default: return {Rcode::REFUSED, ExtendedError::not_supported, "class IN only"};
  }
}

// The option, malformed or not, counts only from those from whom it is taken.
Verdict admit_client_subnet(const ClientSubnetSettings& settings, const IpAddress& resolver, Verdict verdict,
                            Query& query) {
  if (!takes_client_subnet(settings, resolver)) {
    query.edns.client_subnet = {};
    return verdict;
  }
  const bool read = verdict == Verdict::answer || verdict == Verdict::cookie_only;
  if (!query.edns.bad_client_subnet || !read) return verdict;
  query.defect = "a malformed option";
  return Verdict::form_error;
}

// Behind the finished message, the last record there is.
size_t add_bad_key(const Tsig& tsig, MutableBytes out, size_t size, size_t limit) {
  const size_t added = write_bad_key(tsig, out.first(limit).subspan(size));
  constexpr size_t arcount_at = 10;
  if (added > 0) store16(&out[arcount_at], static_cast<uint16_t>(load16(&out[arcount_at]) + 1));
  return size + added;
}

}  // namespace

size_t respond(const Snapshot& snapshot, RotationState& state, Bytes packet, const Client& client, Instant now,
               MutableBytes out) noexcept {
  PreparedQuery prepared;
  prepare(snapshot, packet, prepared);
  find_name(snapshot, client, prepared);
  return respond_prepared(snapshot, state, prepared, client, now, out);
}

size_t respond_prepared(const Snapshot& snapshot, RotationState& state, PreparedQuery& prepared, const Client& client,
                        Instant now, MutableBytes out) noexcept {
  if (prepared.usual) [[likely]] {
    if (const size_t size = answer_usual(snapshot, state, prepared, client, now, out)) return size;
  }
  return answer_any_query(snapshot, state, prepared, client, now, out);
}

size_t answer_any_query(const Snapshot& snapshot, RotationState& state, PreparedQuery& prepared, const Client& client,
                        Instant now, MutableBytes out) noexcept {
  Query& query = prepared.query;
  Verdict verdict = prepared.verdict;
  if (verdict == Verdict::drop) return 0;
  const ServerSettings& settings = snapshot.settings;
  if (query.edns.bad_client_subnet || !query.edns.client_subnet.empty())
    verdict = admit_client_subnet(settings.client_subnet, client.source, verdict, query);
  ResponseOpt opt(query.edns, client, settings, now);
  const size_t limit = response_limit(settings, query.edns, client);
  MessageWriter writer(query, limit, opt, out);
  Refusal refusal = refuse(verdict, query, client, settings, opt.cookie_state());
  if (refusal.rcode == Rcode::NOERROR && verdict == Verdict::answer) {
    if (query.klass != rr_class::CH) {
      Answerer(snapshot, state, prepared, client, now, writer).answer();
      // Nobody knows all classes: what is answered for any of them is never authoritative (RFC 1034 3.7.1).
      if (query.klass == rr_class::ANY) writer.clear_authoritative();
    } else if (!answer_chaos(query, settings.identity, writer)) {
      refusal = {Rcode::REFUSED, ExtendedError::not_supported};
    }
  }
  if (refusal.rcode != Rcode::NOERROR) {
    writer.set_rcode(refusal.rcode);
    opt.set_error(refusal.error, refusal.text);
  }
  const size_t size = writer.finish();
  return refusal.rcode == Rcode::NOTAUTH ? add_bad_key(query.tsig, out, size, limit) : size;
}

}  // namespace dnsd
