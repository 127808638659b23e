#include "dnsd/answer/query.h"

#include "zones/rr_types.h"

namespace dnsd {
namespace {

// Options are {code, length, data}; which of them mean something is none of this function's business.
bool options_are_well_formed(Bytes rdata) {
  ByteReader in(rdata);
  while (in.remaining() > 0 && in.ok()) {
    in.skip(2);
    in.skip(in.u16());
  }
  return in.ok();
}

// The owner of a record in a query, possibly compressed; its meaning does not matter but for the root.
void skip_name(ByteReader& in, bool& is_root) {
  is_root = true;
  while (in.ok()) {
    const uint8_t length = in.u8();
    if (length == 0) return;
    is_root = false;
    if ((length & 0xc0) == 0xc0) return in.skip(1);
    if (length > max_label_octets) return in.skip(SIZE_MAX);  // no such label type: an overrun
    in.skip(length);
  }
}

// One record of the additional section; takes in an OPT record (RFC 6891 6.1.2):
//
//   00 | 0029 | payload | extended RCODE, version, DO and Z | RDLENGTH | options
bool read_additional(ByteReader& in, Edns& edns) {
  bool is_root = false;
  skip_name(in, is_root);
  const uint16_t type = in.u16();
  const uint16_t klass = in.u16();
  const uint32_t ttl = in.u32();
  const Bytes rdata = in.bytes(in.u16());
  if (!in.ok()) return false;
  if (type != rr_type::OPT) return true;
  if (edns.present || !is_root || !options_are_well_formed(rdata)) return false;
  edns = {true, (ttl & 0x8000) != 0, static_cast<uint8_t>(ttl >> 16), klass};
  return true;
}

}  // namespace

Verdict read_query(Bytes packet, Query& query) {
  if (packet.size() < header_size) return Verdict::drop;
  const uint8_t* header = packet.data();
  query.packet = packet;
  query.id = load16(header);
  query.flags = load16(header + 2);
  // An answer is never answered: two servers would talk to each other for ever.
  if (query.flags & header_flag::QR) return Verdict::drop;
  if (query.flags & header_flag::OPCODE) {
    if (load16(header + 4) == 1 && query.name.set(packet.subspan(header_size)) &&
        packet.size() >= header_size + query.name.size() + 4) {
      query.question_end = static_cast<uint16_t>(header_size + query.name.size() + 4);
    }
    return Verdict::not_implemented;
  }
  // One question and nothing beside it but additional records (RFC 9619).
  if (load16(header + 4) != 1 || !query.name.set(packet.subspan(header_size))) return Verdict::form_error;
  ByteReader in(packet.subspan(header_size + query.name.size()));
  query.type = in.u16();
  query.klass = in.u16();
  if (!in.ok()) return Verdict::form_error;
  query.question_end = static_cast<uint16_t>(packet.size() - in.remaining());
  if (load16(header + 6) != 0 || (load16(header + 8) != 0 && query.type != rr_type::IXFR)) return Verdict::form_error;
  Edns beside;  // an IXFR query has its SOA in the authority section; an OPT record there is out of place
  for (unsigned n = load16(header + 8); n > 0; --n)
    if (!read_additional(in, beside) || beside.present) return Verdict::form_error;
  for (unsigned n = load16(header + 10); n > 0; --n)
    if (!read_additional(in, query.edns)) return Verdict::form_error;
  if (in.remaining() > 0) return Verdict::form_error;
  return query.edns.version == 0 ? Verdict::answer : Verdict::bad_version;
}

}  // namespace dnsd
