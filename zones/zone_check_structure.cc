// Checks of what stands where: apex, aliases, delegations.
#include "zones/rr_types.h"
#include "zones/zone_check_context.h"

namespace dnsd::checks {
namespace {

// Types that may stand beside a CNAME: those that prove it (RFC 4034 2.5, RFC 2535 for the old ones).
bool may_be_beside_cname(uint16_t type) {
  constexpr uint16_t SIG = 24, KEY = 25, NXT = 30;
  return type == rr_type::CNAME || type == rr_type::RRSIG || type == rr_type::NSEC || type == SIG || type == KEY ||
         type == NXT;
}

// What has a meaning at a delegation: the rest belongs to the child (RFC 1034 4.2.1, RFC 4035 2.6).
bool may_be_at_cut(uint16_t type) {
  return type == rr_type::NS || type == rr_type::DS || type == rr_type::RRSIG || type == rr_type::NSEC ||
         type == rr_type::A || type == rr_type::AAAA;
}

void singleton(ZoneCheck& check, const RrsetInZone& rrset, uint16_t type, const std::string& why) {
  if (rrset.type != type || rrset.last - rrset.first < 2) return;
  const std::vector<size_t> repeated = repeated_records(check.zone(), rrset.first, rrset.last);
  for (size_t i = rrset.first + 1, skip = 0; i < rrset.last; ++i) {
    if (skip < repeated.size() && repeated[skip] == i) {
      ++skip;  // reported as a duplicate
    } else {
      check.report(check.zone()[i].place, "a second " + type_text(type) + " of " + to_text(rrset.owner.name) +
                                              ", the first is in " + check.line_text(rrset.first) + "; " + why);
    }
  }
}

}  // namespace

void soa_missing(ZoneCheck& check) {
  const auto [first, last] = check.find(check.zone().origin(), rr_type::SOA);
  if (first == last) check.report({}, "no SOA at the apex " + to_text(check.zone().origin()));
}

void ns_missing(ZoneCheck& check) {
  const auto [first, last] = check.find(check.zone().origin(), rr_type::NS);
  if (first == last) check.report({}, "no NS at the apex " + to_text(check.zone().origin()));
}

void soa_twice(ZoneCheck& check, const RrsetInZone& rrset) {
  if (rrset.owner.is_apex) singleton(check, rrset, rr_type::SOA, "a zone has one");
}

void soa_below_apex(ZoneCheck& check, const RrsetInZone& rrset) {
  if (rrset.type != rr_type::SOA || rrset.owner.is_apex) return;
  check.report(check.zone()[rrset.first].place, "an SOA at " + to_text(rrset.owner.name) +
                                                    "; it belongs at the apex " + to_text(check.zone().origin()));
}

void out_of_zone(ZoneCheck& check, const OwnerInZone& owner) {
  if (owner.in_zone) return;
  for (size_t i = owner.first; i < owner.last; ++i) {
    check.report(check.zone()[i].place,
                 to_text(owner.name) + " is not in the zone " + to_text(check.zone().origin()));
  }
}

void cname_twice(ZoneCheck& check, const RrsetInZone& rrset) {
  singleton(check, rrset, rr_type::CNAME, "an alias has one target (RFC 2181 10.1)");
}

void cname_beside_data(ZoneCheck& check, const OwnerInZone& owner) {
  if (!owner.in_zone || !check.has(owner, rr_type::CNAME)) return;
  const size_t cname = check.find(owner.name, rr_type::CNAME).first;
  for (size_t i = owner.first; i < owner.last; ++i) {
    const RecordView r = check.zone()[i];
    if (may_be_beside_cname(r.type)) continue;
    check.report(r.place, type_text(r.type) + " at " + to_text(owner.name) + ", which is an alias by the CNAME in " +
                              check.line_text(cname) + " and can have no other data (RFC 1034 3.6.2)");
    return;
  }
}

void dname_twice(ZoneCheck& check, const RrsetInZone& rrset) {
  singleton(check, rrset, rr_type::DNAME, "a name has one (RFC 6672 2.4)");
}

void dname_at_wildcard(ZoneCheck& check, const RrsetInZone& rrset) {
  if (rrset.type != rr_type::DNAME || !rrset.owner.name.is_wildcard()) return;
  check.report(check.zone()[rrset.first].place, "a DNAME at a wildcard; what it does is undefined (RFC 4592 4.4)");
}

void below_dname(ZoneCheck& check, const OwnerInZone& owner) {
  if (!owner.in_zone || !owner.has_dname_above) return;
  check.report(check.zone()[owner.first].place, to_text(owner.name) + " is below the DNAME at " +
                                                    to_text(owner.dname) + ", which hides it (RFC 6672 2.4)");
}

void ns_at_wildcard(ZoneCheck& check, const RrsetInZone& rrset) {
  if (rrset.type != rr_type::NS || !rrset.owner.name.is_wildcard()) return;
  check.report(check.zone()[rrset.first].place, "an NS at a wildcard; what it does is undefined (RFC 4592 4.2)");
}

void ds_at_apex(ZoneCheck& check, const RrsetInZone& rrset) {
  if (rrset.type != rr_type::DS || !rrset.owner.is_apex) return;
  check.report(check.zone()[rrset.first].place, "a DS at the apex; it belongs in the parent zone (RFC 4035 2.4)");
}

void ds_without_ns(ZoneCheck& check, const OwnerInZone& owner) {
  if (!owner.in_zone || owner.is_apex || !check.has(owner, rr_type::DS) || check.has(owner, rr_type::NS)) return;
  check.report(check.zone()[check.find(owner.name, rr_type::DS).first].place,
               "a DS at " + to_text(owner.name) + ", where there is no delegation (RFC 4035 2.4)");
}

void below_delegation(ZoneCheck& check, const OwnerInZone& owner) {
  if (!owner.in_zone || owner.is_apex) return;
  const bool is_cut = check.has(owner, rr_type::NS);
  if (!owner.has_cut_above && !is_cut) return;
  for (size_t i = owner.first; i < owner.last; ++i) {
    const RecordView r = check.zone()[i];
    const bool is_address = r.type == rr_type::A || r.type == rr_type::AAAA;
    if (owner.has_cut_above ? is_address : may_be_at_cut(r.type)) continue;
    if (!owner.has_cut_above && r.type == rr_type::CNAME) continue;  // cname_beside_data says it
    check.report(r.place, type_text(r.type) + " at " + to_text(owner.name) + " is " +
                              (owner.has_cut_above ? "below" : "at") +
                              " a delegation, so that nobody will see it; only addresses as glue make sense there");
  }
}

void spf_without_txt(ZoneCheck& check, const OwnerInZone& owner) {
  constexpr uint16_t SPF = 99;
  if (!owner.in_zone || !check.has(owner, SPF) || check.has(owner, rr_type::TXT)) return;
  check.report(check.zone()[check.find(owner.name, SPF).first].place,
               "SPF without TXT; nobody reads type SPF any more, publish it as TXT (RFC 7208 3.1)");
}

}  // namespace dnsd::checks
