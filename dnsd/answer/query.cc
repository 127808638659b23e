#include "dnsd/answer/query.h"

#include "zones/rr_types.h"

namespace dnsd {
namespace {

constexpr size_t qdcount_at = 4, ancount_at = 6, nscount_at = 8, arcount_at = 10;

// The owner of a record behind the question.
struct RecordOwner {
  Bytes octets;
  bool compressed = false;
  bool is_root() const { return octets.size() == 1; }
};

RecordOwner read_owner(ByteReader& in, Bytes all) {
  RecordOwner owner;
  const size_t start = in.position();
  for (bool more = true; more && in.ok();) {
    const uint8_t length = in.u8();
    owner.compressed = (length & 0xc0) == 0xc0;
    more = length > 0 && !owner.compressed;
    if (owner.compressed) in.skip(1);
    else if (length > max_label_octets) in.skip(SIZE_MAX);  // no such label type: an overrun
    else in.skip(length);
  }
  owner.octets = all.subspan(start, in.position() - start);
  return owner;
}

// What is wrong with a record; empty: nothing.
using Defect = std::string_view;

//   00 | 0029 | payload | extended RCODE, version, DO and Z | RDLENGTH | options      (RFC 6891 6.1.2)
Defect read_opt(const RecordOwner& owner, uint16_t klass, uint32_t ttl, Bytes rdata, Edns& edns) {
  if (edns.present) {
    edns = {};  // there is no telling which one to answer
    return "more than one OPT record";
  }
  if (!owner.is_root()) return "the owner of OPT is not the root";
  edns.dnssec_ok = (ttl & 0x8000) != 0;
  edns.version = static_cast<uint8_t>(ttl >> 16);
  edns.payload = klass;
  // What options look like in a version that we do not know is not known either.
  const OptionsForm form = edns.version == 0 ? read_options(rdata, edns) : OptionsForm::good;
  edns.present = form != OptionsForm::bad_record;
  return form == OptionsForm::good ? Defect() : Defect("a malformed option");
}

// One record of the additional section. TSIG is the last one (RFC 8945 5.1).
Defect read_additional(ByteReader& in, Bytes all, Query& query) {
  const RecordOwner owner = read_owner(in, all);
  const uint16_t type = in.u16();
  const uint16_t klass = in.u16();
  const uint32_t ttl = in.u32();
  const Bytes rdata = in.bytes(in.u16());
  if (!in.ok()) return "a record is cut off";
  if (query.tsig.present()) return "a record after TSIG";
  if (type == rr_type::OPT) return read_opt(owner, klass, ttl, rdata, query.edns);
  if (type != rr_type::TSIG) return {};
  const bool named = !owner.compressed && owner.octets.size() <= max_name_octets;
  if (!named || !is_tsig_rdata(rdata)) return "a malformed TSIG record";
  query.tsig = {owner.octets, rdata};
  return {};
}

// One record of another section: nothing in it matters.
Defect skip_record(ByteReader& in, Bytes all) {
  read_owner(in, all);
  const uint16_t type = in.u16();
  in.skip(2 + 4);
  in.skip(in.u16());
  if (!in.ok()) return "a record is cut off";
  return type == rr_type::OPT ? Defect("OPT outside the additional section") : Defect();
}

// The records behind the question; false where one of them makes it a format error. Octets after them are ignored.
bool read_records(ByteReader& in, const uint8_t* header, Query& query) {
  const Bytes all = query.packet.subspan(header_size);
  for (unsigned n = load16(header + ancount_at) + load16(header + nscount_at); n > 0 && query.defect.empty(); --n)
    query.defect = skip_record(in, all);
  for (unsigned n = load16(header + arcount_at); n > 0 && query.defect.empty(); --n)
    query.defect = read_additional(in, all, query);
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

  // One question (RFC 9619). An IXFR query has its SOA in the authority section (RFC 1995 3); other records beside the
  // additional ones have no meaning, and no server minds them.
  const unsigned questions = load16(header + qdcount_at);
  if (questions > 1) return Verdict::form_error;
  if (questions == 1 && !read_question(in, query)) return Verdict::form_error;
  if (!read_records(in, header, query)) return Verdict::form_error;
  if (query.edns.version != 0) return Verdict::bad_version;
  if (questions == 1) return Verdict::answer;
  query.defect = "no question";
  return query.edns.cookie.empty() ? Verdict::form_error : Verdict::cookie_only;
}

}  // namespace dnsd
