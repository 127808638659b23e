#include "dnsd/answer/usual_answer.h"

#include <algorithm>

#include "dnsd/answer/client_subnet.h"
#include "dnsd/answer/copy_octets.h"
#include "dnsd/answer/lookup.h"
#include "dnsd/answer/prepared_query.h"
#include "dnsd/answer/shaping.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

// Whether anything about the query wants more than this file does.
bool is_unusual(const PreparedQuery& prepared, const ServerSettings& settings, const Client& client) {
  const Query& query = prepared.query;
  const Edns& edns = query.edns;
  if (!prepared.served || query.type == rr_type::RRSIG || query.type - 128u < 128u) return true;  // meta types
  if (edns.dnssec_ok && prepared.served->zone->is_signed()) return true;
  if (!edns.has_options) [[likely]] return false;
  if (edns.bad_client_subnet || edns.wants_expire) return true;
  if (!edns.client_subnet.empty() && !takes_client_subnet(settings.client_subnet, client.source)) return true;
  return !edns.cookie.empty() && settings.cookies.policy == CookiePolicy::require;
}

// What stands between the question and the OPT record. A value that registers hold.
struct Body {
  uint32_t size = 0;  // 0: not what this file writes
  uint16_t answers = 0;
  uint16_t authorities = 0;
};

// Where it goes.
struct Room {
  uint8_t* message;
  size_t at;  // behind the question
  size_t size;
};

Body write_soa(const CompiledZone& zone, const Query& query, Room room) {
  const ReadySoa& soa = zone.ready_soa();
  if (soa.size() > room.size) return {};
  soa.write(room.message, room.at, header_size + query.name.size() - zone.origin().size());
  return {static_cast<uint32_t>(soa.size()), 0, 1};
}

Body write_rrset(RRset rrset, Room room) {
  constexpr uint8_t wants_more = RRset::has_names | RRset::wants_addresses | RRset::has_hints;
  const Bytes records = rrset.records();
  if ((rrset.flags() & wants_more) || records.size() > room.size) return {};
  copy_octets(room.message + room.at, records.data(), records.size());
  return {static_cast<uint32_t>(records.size()), rrset.count(), 0};
}

Body write_node(Node node, const CompiledZone& zone, const Query& query, Room room) {
  for (const RRset rrset : node.rrsets()) {
    if (rrset.type() == query.type) return write_rrset(rrset, room);
    if (rrset.type() == rr_type::CNAME) return {};
  }
  return write_soa(zone, query, room);
}

}  // namespace

size_t answer_usual(const Snapshot& snapshot, RotationState& state, const PreparedQuery& prepared, const Client& client,
                    Instant now, MutableBytes out) {
  const Query& query = prepared.query;
  const ServerSettings& settings = snapshot.settings;
  if (is_unusual(prepared, settings, client)) return 0;
  const ServedZone& served = *prepared.served;
  const CompiledZone& zone = *served.zone;
  ResponseOpt opt(query.edns, client, settings, now);
  const size_t limit = response_limit(settings, query.edns, client);
  const Room room{out.data(), query.question_end, limit - opt.reserved() - query.question_end};

  const Located& located = prepared.located;
  Rcode rcode = Rcode::NOERROR;
  Body body;
  if (located.kind == Located::Kind::no_name) {
    rcode = Rcode::NXDOMAIN;
    body = write_soa(zone, query, room);
  } else if (located.kind == Located::Kind::exists || located.kind == Located::Kind::wildcard) {
    const Node node = zone.node(located.node);
    const uint32_t shape = node.shape();
    if (shape == no_shape) {
      body = write_node(node, zone, query, room);
    } else if (query.type == rr_type::A || query.type == rr_type::AAAA) {
      const ClientNetworkAddress network = client_network(query.edns.client_subnet, client.source);
      unsigned scope = 0;
      const ShapedAnswer answer =
          shape_answer(served.shapes[shape], family_of(query.type), network, now, room.size, state, scope);
      if (network.by_option) opt.set_scope(scope);
      if (answer.count() == 0) {
        body = write_soa(zone, query, room);
      } else if (answer.octets() <= room.size) {
        answer.copy_to(room.message + room.at);
        body = {static_cast<uint32_t>(answer.octets()), static_cast<uint16_t>(answer.count()), 0};
      }
    }
  }
  if (body.size == 0) return 0;

  copy_octets(out.data() + header_size, query.packet.data() + header_size, query.question_end - header_size);
  size_t size = room.at + body.size;
  if (query.edns.present) size += opt.write(out.data(), size, limit, rcode);
  const unsigned flags = header_flag::QR | header_flag::AA | (query.flags & header_flag::RD);
  write_header(out.data(), query.id, flags | static_cast<unsigned>(rcode), 1, body.answers, body.authorities,
               query.edns.present);
  return size;
}

}  // namespace dnsd
