// Checks of what a signed zone needs: signatures, and the chains of NSEC and NSEC3 that prove absence. Other servers load
// such zones without a word; it is the validating resolvers that refuse them.
#include <algorithm>

#include "zones/nsec3.h"
#include "zones/rr_types.h"
#include "zones/zone_check_context.h"

namespace dnsd::checks {
namespace {

// Beyond it resolvers take the zone for unsigned or refuse it, because of the cost of each lookup (RFC 9276 3.2).
constexpr uint16_t most_iterations = 50;

uint16_t type_covered(const RecordView& rrsig) { return load16(rrsig.rdata.data()); }

struct Owner {
  size_t first;
  size_t last;
  bool is_cut;
};

// Calls body(owner) for each owner that is the zone's own: not below a cut or a DNAME, and no hash (RFC 5155 7.1); until
// body says true.
template <typename Body>
void for_each_authoritative(const Zone& zone, Body body) {
  std::optional<NameView> above;
  for (size_t first = 0, last = 0; first < zone.size(); first = last) {
    const NameView name = zone[first].owner;
    bool has_ns = false, has_dname = false, is_hash = false;
    for (last = first; last < zone.size() && zone[last].owner == name; ++last) {
      has_ns = has_ns || zone[last].type == rr_type::NS;
      has_dname = has_dname || zone[last].type == rr_type::DNAME;
      is_hash = is_hash || zone[last].type == rr_type::NSEC3;
    }
    if (is_hash || !name.is_at_or_below(zone.origin()) || (above && name.is_at_or_below(*above))) continue;
    const bool is_cut = has_ns && !name.is_wildcard() && !(name == zone.origin());
    if (is_cut || has_dname) above = name;
    if (body(Owner{first, last, is_cut})) return;
  }
}

bool is_covered(const Zone& zone, const Owner& owner, uint16_t type) {
  for (size_t i = owner.first; i < owner.last; ++i)
    if (zone[i].type == rr_type::RRSIG && type_covered(zone[i]) == type) return true;
  return false;
}

// The NSEC of an owner; zone.size() where it has none.
size_t find_nsec(const Zone& zone, const Owner& owner) {
  for (size_t i = owner.first; i < owner.last; ++i)
    if (zone[i].type == rr_type::NSEC) return i;
  return zone.size();
}

NameView next_name(const RecordView& nsec) { return NameView(nsec.rdata.first(wire_name_length(nsec.rdata))); }

}  // namespace

void rrset_unsigned(ZoneCheck& check) {
  const Zone& zone = check.zone();
  if (!zone.is_signed()) return;
  for_each_authoritative(zone, [&](const Owner& owner) {
    for (size_t i = owner.first; i < owner.last; ++i) {
      const RecordView r = zone[i];
      if (r.type == rr_type::RRSIG || (i > owner.first && zone[i - 1].type == r.type)) continue;
      if (owner.is_cut && r.type != rr_type::DS && r.type != rr_type::NSEC) continue;
      if (is_covered(zone, owner, r.type)) continue;
      check.report(r.place, type_text(r.type) + " at " + to_text(r.owner) +
                                " has no RRSIG, but the zone is signed: validating resolvers refuse it (RFC 4035 2.2)");
    }
    return false;
  });
}

void rrsig_without_rrset(ZoneCheck& check, const OwnerInZone& owner) {
  for (size_t i = owner.first; i < owner.last; ++i) {
    const RecordView r = check.zone()[i];
    if (r.type != rr_type::RRSIG || check.has(owner, type_covered(r))) continue;
    check.report(r.place, "an RRSIG of " + type_text(type_covered(r)) + " at " + to_text(r.owner) + ", which has no " +
                              type_text(type_covered(r)));
  }
}

// The first place where the chain does not lead from each name to the next and from the last to the apex (RFC 4034 4.1.1).
void nsec_chain_broken(ZoneCheck& check) {
  const Zone& zone = check.zone();
  const auto [apex_nsec, apex_end] = check.find(zone.origin(), rr_type::NSEC);
  const auto [parameters, parameters_end] = check.find(zone.origin(), rr_type::NSEC3PARAM);
  if (apex_nsec == apex_end || parameters != parameters_end) return;
  size_t before = zone.size();
  const auto leads_to = [&](NameView name) { return before == zone.size() || next_name(zone[before]) == name; };
  const auto report = [&](NameView name) {
    check.report(zone[before].place, "the NSEC of " + to_text(zone[before].owner) + " leads to " +
                                         to_text(next_name(zone[before])) + ", but the next name is " + to_text(name) +
                                         " (RFC 4034 4.1.1)");
  };
  bool broken = false;
  for_each_authoritative(zone, [&](const Owner& owner) {
    const NameView name = zone[owner.first].owner;
    const size_t nsec = find_nsec(zone, owner);
    if (nsec == zone.size()) {
      broken = true;
      check.report(zone[owner.first].place, to_text(name) + " has no NSEC, but the apex has (RFC 4035 2.3)");
    } else if (!leads_to(name)) {
      broken = true;
      report(name);
    }
    before = nsec;
    return broken;
  });
  if (!broken && !leads_to(zone.origin())) report(zone.origin());
}

void nsec3_chain_broken(ZoneCheck& check) {
  const Zone& zone = check.zone();
  const auto [first, last] = check.find(zone.origin(), rr_type::NSEC3PARAM);
  if (first == last) return;
  const std::optional<Nsec3Parameters> parameters = Nsec3Parameters::read(zone[first].rdata);
  if (!parameters) return check.report(zone[first].place, "the NSEC3PARAM has another hash algorithm than SHA-1");
  struct Link {
    Sha1 hash;
    Sha1 next;
    size_t record;
  };
  std::vector<Link> chain;
  for (size_t i = 0; i < zone.size(); ++i) {
    const RecordView r = zone[i];
    if (r.type != rr_type::NSEC3 || Nsec3Parameters::read(r.rdata) != parameters) continue;
    const std::optional<Sha1> hash = nsec3_owner_hash(r.owner), next = nsec3_next_hash(r.rdata);
    if (hash && next) chain.push_back({*hash, *next, i});
  }
  std::ranges::sort(chain, {}, &Link::hash);
  Name apex(zone.origin());
  apex.lowercase();
  if (!std::ranges::binary_search(chain, parameters->hash(apex.view().wire()), {}, &Link::hash)) {
    return check.report(zone[first].place, "no NSEC3 of this NSEC3PARAM is that of the apex: nothing can be denied");
  }
  for (size_t i = 0; i < chain.size(); ++i) {
    if (chain[i].next == chain[(i + 1) % chain.size()].hash) continue;
    return check.report(zone[chain[i].record].place, "the NSEC3 " + to_text(zone[chain[i].record].owner) +
                                                         " does not lead to the next one in the zone, " +
                                                         to_text(zone[chain[(i + 1) % chain.size()].record].owner));
  }
}

void nsec3_iterations(ZoneCheck& check, const RrsetInZone& rrset) {
  if (rrset.type != rr_type::NSEC3PARAM) return;
  for (size_t i = rrset.first; i < rrset.last; ++i) {
    const std::optional<Nsec3Parameters> parameters = Nsec3Parameters::read(check.zone()[i].rdata);
    if (!parameters || parameters->iterations <= most_iterations) continue;
    check.report(check.zone()[i].place, "NSEC3 with " + std::to_string(parameters->iterations) +
                                            " iterations; resolvers take that for unsigned or refuse it, and 0 is "
                                            "recommended (RFC 9276 3)");
  }
}

}  // namespace dnsd::checks
