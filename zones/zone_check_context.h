// What the check functions of zone_check work with. For zone_check*.cc alone.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "zones/zone_check.h"

namespace dnsd {

// All records of one owner, in the walk through the zone. Indices into the Zone.
struct OwnerInZone {
  NameView name;
  size_t first = 0;
  size_t last = 0;
  bool in_zone = true;
  bool is_apex = false;
  bool has_cut_above = false;    // a delegation at a name between apex and owner, both excluded
  bool has_dname_above = false;  // likewise, apex included
  NameView dname;
};

// The records of one owner and type.
struct RrsetInZone {
  const OwnerInZone& owner;
  uint16_t type = 0;
  size_t first = 0;
  size_t last = 0;
};

// What a name means to a client that asks for its address.
enum class TargetKind : uint8_t {
  outside,    // not in this zone
  elsewhere,  // one of names_elsewhere
  has_address,
  below_cut,        // at or below a delegation, without an address here
  alias,            // CNAME, or below a DNAME
  without_address,  // the name is there or not, but no address
};

class ZoneCheck {
 public:
  ZoneCheck(const Zone& zone, std::span<const Name> names_elsewhere,
            const std::function<void(const ZoneFinding&)>& report);
  // Checks of the zone as a whole; of the owners of records [first, end).
  void run_on_zone();
  void run_on_owners(size_t first, size_t end);

  const Zone& zone() const { return zone_; }
  bool origin_is_host_name() const { return origin_is_host_name_; }
  // Of the row in hand.
  void report(RecordPlace place, std::string message);
  // Records of a type at an owner; an empty range where there is none.
  std::pair<size_t, size_t> find(NameView owner, uint16_t type) const;
  bool has(const OwnerInZone& owner, uint16_t type) const;
  TargetKind classify(NameView target);
  std::string line_text(size_t index) const;  // "line 12", for a message about another record

 private:
  void check_owner(const OwnerInZone& owner);
  void check_rrset(const RrsetInZone& rrset);
  std::optional<NameView> topmost_above(NameView owner, uint16_t type, bool with_apex) const;
  TargetKind classify_anew(NameView target) const;
  bool has_address(NameView owner) const;
  bool exists(NameView name) const;
  bool is_at_or_below_cut(NameView name) const;
  Name wildcard_for(NameView name) const;

  const Zone& zone_;
  std::set<NameView, CanonicalLess> elsewhere_;
  const std::function<void(const ZoneFinding&)>& report_;
  const bool origin_is_host_name_;
  const void* row_ = nullptr;
  std::optional<NameView> last_target_;  // many records name the same
  TargetKind last_kind_ = TargetKind::outside;
};

// The check functions, by what they look at.
namespace checks {
void soa_missing(ZoneCheck& check);
void ns_missing(ZoneCheck& check);
void out_of_zone(ZoneCheck& check, const OwnerInZone& owner);
void cname_beside_data(ZoneCheck& check, const OwnerInZone& owner);
void ds_without_ns(ZoneCheck& check, const OwnerInZone& owner);
void below_delegation(ZoneCheck& check, const OwnerInZone& owner);
void below_dname(ZoneCheck& check, const OwnerInZone& owner);
void spf_without_txt(ZoneCheck& check, const OwnerInZone& owner);
void soa_twice(ZoneCheck& check, const RrsetInZone& rrset);
void soa_below_apex(ZoneCheck& check, const RrsetInZone& rrset);
void soa_timers(ZoneCheck& check, const RrsetInZone& rrset);
void soa_serial_zero(ZoneCheck& check, const RrsetInZone& rrset);
void ns_at_wildcard(ZoneCheck& check, const RrsetInZone& rrset);
void ns_is_alias(ZoneCheck& check, const RrsetInZone& rrset);
void ns_without_address(ZoneCheck& check, const RrsetInZone& rrset);
void glue_missing(ZoneCheck& check, const RrsetInZone& rrset);
void ds_at_apex(ZoneCheck& check, const RrsetInZone& rrset);
void cname_twice(ZoneCheck& check, const RrsetInZone& rrset);
void cname_loop(ZoneCheck& check, const RrsetInZone& rrset);
void dname_twice(ZoneCheck& check, const RrsetInZone& rrset);
void dname_at_wildcard(ZoneCheck& check, const RrsetInZone& rrset);
void target_is_alias(ZoneCheck& check, const RrsetInZone& rrset);
void target_without_address(ZoneCheck& check, const RrsetInZone& rrset);
void name_is_address(ZoneCheck& check, const RrsetInZone& rrset);
void final_dot_forgotten(ZoneCheck& check, const RrsetInZone& rrset);
void bad_host_name(ZoneCheck& check, const RrsetInZone& rrset);
void alias_with_parameters(ZoneCheck& check, const RrsetInZone& rrset);
void ttl_differs(ZoneCheck& check, const RrsetInZone& rrset);
void duplicate(ZoneCheck& check, const RrsetInZone& rrset);
void rrset_unsigned(ZoneCheck& check);
void rrsig_without_rrset(ZoneCheck& check, const OwnerInZone& owner);
void nsec_chain_broken(ZoneCheck& check);
void nsec3_chain_broken(ZoneCheck& check);
void nsec3_iterations(ZoneCheck& check, const RrsetInZone& rrset);
}  // namespace checks

// Of the records [first, last), of one owner and type: those that repeat an earlier one, ascending.
std::vector<size_t> repeated_records(const Zone& zone, size_t first, size_t last);

// RFC 1123 2.1: letters, digits and hyphens, hyphens inside only. A wildcard in front is no matter.
bool is_host_name(NameView name);

// The one name in the RDATA of NS, MX, SRV, CNAME, DNAME, PTR. Precondition: the zone's records have the shape of
// their type.
NameView target_of(const RecordView& record);

}  // namespace dnsd
