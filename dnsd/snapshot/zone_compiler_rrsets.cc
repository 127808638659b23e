// RRsets of one owner -> octets, as zone_octets.h draws them.
#include <algorithm>

#include "dnsd/snapshot/stored_record.h"
#include "dnsd/snapshot/zone_compiler.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

uint16_t type_covered(const RecordView& rrsig) { return load16(rrsig.rdata.data()); }

uint8_t flags_of(uint16_t type) {
  const RrType* row = find_rr_type(type);
  if (!row) return 0;
  uint8_t flags = row->additional ? RRset::wants_addresses : 0;
  if (std::ranges::find(row->rdata, RdataField::name_compressed) != row->rdata.end()) flags |= RRset::has_names;
  if (type == rr_type::SVCB || type == rr_type::HTTPS) flags |= RRset::has_hints;
  return flags;
}

}  // namespace

// Those of a type among records of one owner.
ZoneCompiler::Range ZoneCompiler::of_type(uint16_t type, Range owner) const {
  while (owner.first < owner.last && zone_[owner.first].type < type) ++owner.first;
  size_t last = owner.first;
  while (last < owner.last && zone_[last].type == type) ++last;
  return {owner.first, last};
}

bool ZoneCompiler::is_signature_of(const RecordView& record, uint16_t type) const {
  return record.type == rr_type::RRSIG && type_covered(record) == type;
}

void ZoneCompiler::add_rrsets(NodeId id, Range owner) {
  uint16_t count = 0;
  for (Range rest = owner, rrset; !rest.empty(); rest.first = rrset.last) {
    const uint32_t before = end();
    rrset = of_type(zone_[rest.first].type, rest);
    if (zone_[rest.first].type == rr_type::RRSIG) {
      add_stray_signatures(owner, rrset);
    } else if (zone_[rest.first].type != rr_type::NSEC3) {
      add_rrset(rrset, of_type(rr_type::RRSIG, owner));
    }
    if (end() > before) ++count;
  }
  store(id + Node::rrset_count_at, count);
}

// The RRset, and behind it those of the signatures that cover it, which have its TTL (RFC 4034 3).
void ZoneCompiler::add_rrset(Range records, Range signatures) {
  const uint16_t type = zone_[records.first].type;
  size_t signature_count = 0;
  for (size_t i = signatures.first; i < signatures.last; ++i) signature_count += is_signature_of(zone_[i], type);
  const uint32_t rrset = begin_rrset(type, signature_count > 0);
  const size_t begin = out_.octets_.size();
  for (size_t i = records.first; i < records.last; ++i) append_record(type, zone_[i].ttl, zone_[i].rdata);
  end_rrset(rrset, records.last - records.first, out_.octets_.size() - begin);
  if (signature_count == 0) return;
  const size_t signed_end = out_.octets_.size();
  for (size_t i = signatures.first; i < signatures.last; ++i)
    if (is_signature_of(zone_[i], type)) append_record(rr_type::RRSIG, zone_[records.first].ttl, zone_[i].rdata);
  store(rrset + RRset::signatures_size_at, static_cast<uint32_t>(out_.octets_.size() - signed_end));
  store(rrset + RRset::signature_count_at, static_cast<uint16_t>(signature_count));
  out_.signed_ = true;
}

// Signatures of what is not at their owner: nobody can use them, but who asks for type RRSIG sees them.
void ZoneCompiler::add_stray_signatures(Range owner, Range signatures) {
  const auto is_stray = [&](const RecordView& signature) {
    const uint16_t type = type_covered(signature);
    return type != rr_type::NSEC3 && (type == rr_type::RRSIG || of_type(type, owner).empty());
  };
  size_t count = 0;
  for (size_t i = signatures.first; i < signatures.last; ++i) count += is_stray(zone_[i]);
  if (count == 0) return;
  const uint32_t rrset = begin_rrset(rr_type::RRSIG, false);
  const size_t begin = out_.octets_.size();
  for (size_t i = signatures.first; i < signatures.last; ++i)
    if (is_stray(zone_[i])) append_record(rr_type::RRSIG, zone_[i].ttl, zone_[i].rdata);
  end_rrset(rrset, count, out_.octets_.size() - begin);
}

// Its place; the records follow.
uint32_t ZoneCompiler::begin_rrset(uint16_t type, bool has_signatures) {
  const uint32_t rrset = end();
  uint32_t flags = flags_of(type);
  if (has_signatures || (flags & RRset::wants_addresses)) flags |= RRset::has_more;
  out_.octets_.resize(out_.octets_.size() + RRset::head_size + (flags & RRset::has_more ? RRset::more_size : 0));
  store(rrset, type);
  store(rrset + RRset::flags_at, flags);
  return rrset;
}

void ZoneCompiler::end_rrset(uint32_t rrset, size_t count, size_t size) {
  if ((count > RRset::max_count || size > RRset::max_size) && defect_.empty())
    defect_ = "more records of type " + type_text(zone_octets::load<uint16_t>(&out_.octets_[rrset])) +
              " at one name than any answer can hold: " + std::to_string(count) + ", " + std::to_string(size) + " octets";
  const auto flags = zone_octets::load<uint32_t>(&out_.octets_[rrset + RRset::flags_at]);
  store(rrset + RRset::count_at, static_cast<uint16_t>(count));
  store(rrset + RRset::flags_at, flags | static_cast<uint32_t>(size) << 8);
}

void ZoneCompiler::append_record(uint16_t type, uint32_t ttl, Bytes rdata) {
  append(stored_record::head(type, ttl, rdata.size()));
  append(rdata);
}

}  // namespace dnsd
