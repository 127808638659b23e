#include "dnsd/answer/query.h"

#include "zones/rr_types.h"

namespace dnsd {
namespace {

constexpr size_t flags_at = 2, qdcount_at = 4, ancount_at = 6, nscount_at = 8, arcount_at = 10;

// What is wrong with a record; empty: nothing.
using Defect = std::string_view;

// A record behind the question.
struct Record {
  Bytes owner;
  bool owner_is_compressed = false;
  uint16_t type = 0;
  uint16_t klass = 0;
  uint32_t ttl = 0;
  Bytes rdata;
};

// Octets of the name at the start of `rest`; SIZE_MAX where it is cut off.
size_t owner_size(Bytes rest, bool& compressed) {
  for (size_t at = 0; at < rest.size();) {
    const uint8_t length = rest[at];
    compressed = (length & 0xc0) == 0xc0;
    if (length == 0) return at + 1;
    if (compressed) return at + 2;
    if (length > max_label_octets) break;  // no such label type
    at += 1u + length;
  }
  return SIZE_MAX;
}

//   owner | type (2) | class (2) | TTL (4) | RDLENGTH (2) | RDATA
// Moves `rest` behind it. False where it is cut off.
bool read_record(Bytes& rest, Record& record) {
  constexpr size_t head = 10;
  const bool root = !rest.empty() && rest[0] == 0;
  const size_t owner = root ? 1 : owner_size(rest, record.owner_is_compressed);
  if (owner > rest.size() || rest.size() - owner < head) return false;
  const uint8_t* p = rest.data() + owner;
  const size_t size = owner + head + load16(p + 8);
  if (size > rest.size()) return false;
  record.owner = rest.first(owner);
  record.type = load16(p);
  record.klass = load16(p + 2);
  record.ttl = load32(p + 4);
  record.rdata = rest.first(size).subspan(owner + head);
  rest = rest.subspan(size);
  return true;
}

//   00 | 0029 | payload | extended RCODE, version, DO and Z | RDLENGTH | options      (RFC 6891 6.1.2)
Defect read_opt(const Record& record, Edns& edns) {
  if (edns.present) {
    edns = {};  // there is no telling which one to answer
    return "more than one OPT record";
  }
  if (record.owner.size() != 1) return "the owner of OPT is not the root";
  edns.dnssec_ok = (record.ttl & 0x8000) != 0;
  edns.version = static_cast<uint8_t>(record.ttl >> 16);
  edns.payload = record.klass;
  edns.present = true;
  // What options look like in a version that we do not know is not known either.
  if (record.rdata.empty() || edns.version != 0) return {};
  const OptionsForm form = read_options(record.rdata, edns);
  edns.present = form != OptionsForm::bad_record;
  return form == OptionsForm::good ? Defect() : Defect("a malformed option");
}

// One record of the additional section. TSIG is the last one (RFC 8945 5.1).
Defect read_additional(Bytes& rest, Query& query) {
  Record record;
  if (!read_record(rest, record)) return "a record is cut off";
  if (query.tsig.present()) return "a record after TSIG";
  if (record.type == rr_type::OPT) return read_opt(record, query.edns);
  if (record.type != rr_type::TSIG) return {};
  const bool named = !record.owner_is_compressed && record.owner.size() <= max_name_octets;
  if (!named || !is_tsig_rdata(record.rdata)) return "a malformed TSIG record";
  query.tsig = {record.owner, record.rdata};
  return {};
}

// One record of another section: nothing in it matters.
Defect skip_record(Bytes& rest) {
  Record record;
  if (!read_record(rest, record)) return "a record is cut off";
  return record.type == rr_type::OPT ? Defect("OPT outside the additional section") : Defect();
}

// The records behind the question; false where one of them makes it a format error. Octets after them are ignored.
bool read_records(Query& query) {
  const uint8_t* header = query.packet.data();
  Bytes rest = query.packet.subspan(query.question_end > 0 ? query.question_end : header_size);
  for (unsigned n = load16(header + ancount_at) + load16(header + nscount_at); n > 0 && query.defect.empty(); --n)
    query.defect = skip_record(rest);
  for (unsigned n = load16(header + arcount_at); n > 0 && query.defect.empty(); --n)
    query.defect = read_additional(rest, query);
  return query.defect.empty();
}

// Name, type and class behind the header.
bool read_question(Query& query) {
  if (!query.name.set(query.packet.subspan(header_size))) return false;
  const size_t end = header_size + query.name.size() + 4;
  if (end > query.packet.size()) return false;
  query.type = load16(&query.packet[end - 4]);
  query.klass = load16(&query.packet[end - 2]);
  query.question_end = static_cast<uint16_t>(end);
  return true;
}

// No such opcode here; but who can send EDNS gets it back (RFC 6891 6.1.1), and the question, where they can be read.
Verdict read_other_opcode(Query& query) {
  const unsigned questions = load16(&query.packet[qdcount_at]);
  const bool readable = questions == 0 || (questions == 1 && read_question(query));
  if (!readable || !read_records(query)) query.edns = {};
  return Verdict::not_implemented;
}

}  // namespace

Verdict read_query(Bytes packet, Query& query) {
  if (packet.size() < header_size) return Verdict::drop;
  query.packet = packet;
  query.id = load16(&packet[0]);
  query.flags = load16(&packet[flags_at]);
  // An answer is never answered: two servers would talk to each other for ever.
  if (query.flags & header_flag::QR) return Verdict::drop;
  if (query.flags & header_flag::OPCODE) return read_other_opcode(query);
  // One question (RFC 9619). An IXFR query has its SOA in the authority section (RFC 1995 3); other records beside the
  // additional ones have no meaning, and no server minds them.
  const unsigned questions = load16(&query.packet[qdcount_at]);
  if (questions > 1) return Verdict::form_error;
  if (questions == 1 && !read_question(query)) return Verdict::form_error;
  if (!read_records(query)) return Verdict::form_error;
  if (query.edns.version != 0) return Verdict::bad_version;
  if (questions == 1) return Verdict::answer;
  query.defect = "no question";
  return query.edns.cookie.empty() ? Verdict::form_error : Verdict::cookie_only;
}

}  // namespace dnsd
