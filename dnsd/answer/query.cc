#include "dnsd/answer/query.h"

#include "zones/rr_types.h"

namespace dnsd {
namespace {

constexpr size_t qdcount_at = 4, ancount_at = 6, nscount_at = 8, arcount_at = 10;

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

// One record behind the question; takes in an OPT record (RFC 6891 6.1.2). What is wrong with it; empty: nothing.
//
//   00 | 0029 | payload | extended RCODE, version, DO and Z | RDLENGTH | options
std::string_view read_record(ByteReader& in, Edns& edns) {
  bool is_root = false;
  skip_name(in, is_root);
  const uint16_t type = in.u16();
  const uint16_t klass = in.u16();
  const uint32_t ttl = in.u32();
  const Bytes rdata = in.bytes(in.u16());
  if (!in.ok()) return "a record is cut off";
  if (type != rr_type::OPT) return {};
  if (edns.present) return "more than one OPT record";
  if (!is_root) return "the owner of OPT is not the root";
  edns.present = true;
  edns.dnssec_ok = (ttl & 0x8000) != 0;
  edns.version = static_cast<uint8_t>(ttl >> 16);
  edns.payload = klass;
  // What options look like in a version that we do not know is not known either.
  if (edns.version == 0 && !read_options(rdata, edns)) return "a malformed option";
  return {};
}

// The records behind the question; false where they, or what comes after them, make it a format error.
bool read_records(ByteReader& in, const uint8_t* header, Query& query) {
  Edns beside;
  for (unsigned n = load16(header + ancount_at) + load16(header + nscount_at); n > 0 && query.defect.empty(); --n) {
    query.defect = read_record(in, beside);
    if (beside.present) query.defect = "OPT outside the additional section";
  }
  for (unsigned n = load16(header + arcount_at); n > 0 && query.defect.empty(); --n)
    query.defect = read_record(in, query.edns);
  if (query.defect.empty() && in.remaining() > 0) query.defect = "octets after the last record";
  return query.defect.empty();
}

// Name, type and class behind the header; moves `in` past them.
bool read_question(ByteReader& in, Query& query) {
  if (!query.name.set(query.packet.subspan(header_size))) return false;
  in.skip(query.name.size());
  query.type = in.u16();
  query.klass = in.u16();
  if (in.ok()) query.question_end = static_cast<uint16_t>(header_size + in.position());
  return in.ok();
}

// No such opcode here; but who can send EDNS gets it back (RFC 6891 6.1.1), and the question, where they can be read.
Verdict read_other_opcode(ByteReader& in, const uint8_t* header, Query& query) {
  const unsigned questions = load16(header + qdcount_at);
  const bool readable = questions == 0 || (questions == 1 && read_question(in, query));
  if (!readable || !read_records(in, header, query)) query.edns = {};
  return Verdict::not_implemented;
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
  ByteReader in(packet.subspan(header_size));
  if (query.flags & header_flag::OPCODE) return read_other_opcode(in, header, query);

  // One question and nothing beside it but additional records (RFC 9619); an IXFR query has its SOA in the authority
  // section (RFC 1995 3).
  const unsigned questions = load16(header + qdcount_at);
  if (questions > 1) return Verdict::form_error;
  if (questions == 1 && !read_question(in, query)) return Verdict::form_error;
  if (!read_records(in, header, query)) return Verdict::form_error;
  if (load16(header + ancount_at) != 0) query.defect = "records in the answer section of a query";
  if (load16(header + nscount_at) != 0 && !(questions == 1 && query.type == rr_type::IXFR))
    query.defect = "records in the authority section of a query";
  if (!query.defect.empty()) return Verdict::form_error;
  if (query.edns.version != 0) return Verdict::bad_version;
  if (questions == 1) return Verdict::answer;
  query.defect = "no question";
  return query.edns.cookie.empty() ? Verdict::form_error : Verdict::cookie_only;
}

}  // namespace dnsd
