// Checks of the names that records lead to.
#include <algorithm>

#include "zones/rr_types.h"
#include "zones/zone_check_context.h"

namespace dnsd {

NameView target_of(const RecordView& record) {
  NameView target;
  for_each_name(record.type, record.rdata,
                [&](size_t at, size_t length, bool) { target = NameView(record.rdata.subspan(at, length)); });
  return target;
}

namespace checks {
namespace {

// "NS ns1.example.com."
std::string naming(const RecordView& record) {
  return type_text(record.type) + " names " + to_text(target_of(record)) + ", ";
}

bool is_service(uint16_t type) { return type == rr_type::MX || type == rr_type::SRV; }

// Targets of the records of an RRset that are of a kind.
template <typename Body>
void for_each_target(ZoneCheck& check, const RrsetInZone& rrset, TargetKind kind, Body body) {
  if (rrset.owner.has_cut_above) return;  // not served: below_delegation
  for (size_t i = rrset.first; i < rrset.last; ++i) {
    const RecordView record = check.zone()[i];
    const NameView target = target_of(record);
    if (!target.is_root() && check.classify(target) == kind) body(record);  // the root: none (RFC 7505, RFC 2782)
  }
}

// Four labels of digits in front, as in "MX 10 192.0.2.1"; with or without the origin behind.
bool looks_like_address(NameView name) {
  size_t labels = 0;
  for (; labels < 4 && !name.is_root(); ++labels, name = name.parent()) {
    const Bytes label = name.wire().subspan(1, name.data()[0]);
    if (label.size() > 3 || !std::ranges::all_of(label, [](uint8_t c) { return c >= '0' && c <= '9'; })) return false;
  }
  return labels == 4;
}

}  // namespace

void ns_is_alias(ZoneCheck& check, const RrsetInZone& rrset) {
  if (rrset.type != rr_type::NS) return;
  for_each_target(check, rrset, TargetKind::alias, [&](const RecordView& r) {
    check.report(r.place, naming(r) + "which is an alias; name servers must have addresses (RFC 2181 10.3)");
  });
}

void ns_without_address(ZoneCheck& check, const RrsetInZone& rrset) {
  if (rrset.type != rr_type::NS) return;
  for_each_target(check, rrset, TargetKind::without_address, [&](const RecordView& r) {
    check.report(r.place, naming(r) + "which is in this zone and has no address here");
  });
}

void glue_missing(ZoneCheck& check, const RrsetInZone& rrset) {
  if (rrset.type != rr_type::NS) return;
  for_each_target(check, rrset, TargetKind::below_cut, [&](const RecordView& r) {
    check.report(r.place, naming(r) + "which is below a delegation and has no address here as glue");
  });
}

void target_is_alias(ZoneCheck& check, const RrsetInZone& rrset) {
  if (!is_service(rrset.type)) return;
  for_each_target(check, rrset, TargetKind::alias, [&](const RecordView& r) {
    check.report(r.place, naming(r) + "which is an alias; it should have addresses of its own (RFC 2181 10.3)");
  });
}

void target_without_address(ZoneCheck& check, const RrsetInZone& rrset) {
  if (!is_service(rrset.type)) return;
  for_each_target(check, rrset, TargetKind::without_address, [&](const RecordView& r) {
    check.report(r.place, naming(r) + "which is in this zone and has no address");
  });
}

void name_is_address(ZoneCheck& check, const RrsetInZone& rrset) {
  if (rrset.type != rr_type::NS && rrset.type != rr_type::CNAME && !is_service(rrset.type)) return;
  for (size_t i = rrset.first; i < rrset.last; ++i) {
    const RecordView r = check.zone()[i];
    if (!looks_like_address(target_of(r))) continue;
    check.report(r.place,
                 naming(r) + "a name that looks like an address; " + type_text(r.type) + " wants the name of a host");
  }
}

// Follows aliases within the zone; a chain of this many is as bad as a loop.
void cname_loop(ZoneCheck& check, const RrsetInZone& rrset) {
  constexpr int longest_chain = 16;
  if (rrset.type != rr_type::CNAME) return;
  size_t at = rrset.first;
  for (int i = 0; i < longest_chain; ++i) {
    const auto [first, last] = check.find(target_of(check.zone()[at]), rr_type::CNAME);
    if (first == last) return;
    at = first;
    if (at == rrset.first) break;
  }
  check.report(check.zone()[rrset.first].place,
               "the alias " + to_text(rrset.owner.name) +
                   (at == rrset.first ? " leads back to itself" : " leads on to more than 15 other aliases"));
}

}  // namespace checks
}  // namespace dnsd
