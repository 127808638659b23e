#include "zones/zone_check.h"

#include <algorithm>
#include <array>
#include <thread>
#include <variant>

#include "zones/rr_types.h"
#include "zones/zone_check_context.h"

namespace dnsd {
namespace {

using OnZone = void (*)(ZoneCheck&);
using OnOwner = void (*)(ZoneCheck&, const OwnerInZone&);  // also of owners out of zone
using OnRrset = void (*)(ZoneCheck&, const RrsetInZone&);  // of those in the zone

struct Row {
  ZoneDefect defect;
  std::string_view name;
  Severity severity;
  bool about_absence;
  std::variant<OnZone, OnOwner, OnRrset> check;
  std::span<const uint16_t> types = {};  // an RRset, or one at the owner, must have one of them; empty: any
};

constexpr Severity error = Severity::error;
constexpr Severity warning = Severity::warning;
constexpr bool presence = false, absence = true;
using enum ZoneDefect;

// Types that rows are about.
namespace about {
namespace t = rr_type;
constexpr uint16_t SPF = 99;
constexpr uint16_t soa[] = {t::SOA}, ns[] = {t::NS}, ds[] = {t::DS}, cname[] = {t::CNAME}, dname[] = {t::DNAME},
                   services[] = {t::MX, t::SRV}, targets[] = {t::NS, t::CNAME, t::MX, t::SRV},
                   hosts[] = {t::A, t::AAAA, t::NS, t::MX, t::SRV}, svcb[] = {t::SVCB, t::HTTPS}, spf[] = {SPF},
                   rrsig[] = {t::RRSIG}, nsec3param[] = {t::NSEC3PARAM};
}  // namespace about

constexpr Row table[] = {
    {out_of_zone, "out_of_zone", error, presence, checks::out_of_zone},
    {soa_missing, "soa_missing", error, absence, checks::soa_missing},
    {soa_twice, "soa_twice", error, presence, checks::soa_twice, about::soa},
    {soa_below_apex, "soa_below_apex", error, presence, checks::soa_below_apex, about::soa},
    {soa_timers, "soa_timers", warning, presence, checks::soa_timers, about::soa},
    {soa_serial_zero, "soa_serial_zero", warning, presence, checks::soa_serial_zero, about::soa},
    {ns_missing, "ns_missing", error, absence, checks::ns_missing},
    {ns_at_wildcard, "ns_at_wildcard", warning, presence, checks::ns_at_wildcard, about::ns},
    {ns_is_alias, "ns_is_alias", error, presence, checks::ns_is_alias, about::ns},
    {ns_without_address, "ns_without_address", error, absence, checks::ns_without_address, about::ns},
    {glue_missing, "glue_missing", error, absence, checks::glue_missing, about::ns},
    {ds_at_apex, "ds_at_apex", error, presence, checks::ds_at_apex, about::ds},
    {ds_without_ns, "ds_without_ns", warning, absence, checks::ds_without_ns, about::ds},
    {below_delegation, "below_delegation", warning, presence, checks::below_delegation},
    {cname_twice, "cname_twice", error, presence, checks::cname_twice, about::cname},
    {cname_beside_data, "cname_beside_data", error, presence, checks::cname_beside_data, about::cname},
    {cname_loop, "cname_loop", warning, presence, checks::cname_loop, about::cname},
    {dname_twice, "dname_twice", error, presence, checks::dname_twice, about::dname},
    {dname_at_wildcard, "dname_at_wildcard", warning, presence, checks::dname_at_wildcard, about::dname},
    {below_dname, "below_dname", error, presence, checks::below_dname},
    {target_is_alias, "target_is_alias", warning, presence, checks::target_is_alias, about::services},
    {target_without_address, "target_without_address", warning, absence, checks::target_without_address, about::services},
    {name_is_address, "name_is_address", warning, presence, checks::name_is_address, about::targets},
    {final_dot_forgotten, "final_dot_forgotten", warning, presence, checks::final_dot_forgotten},
    {bad_host_name, "bad_host_name", warning, presence, checks::bad_host_name, about::hosts},
    {alias_with_parameters, "alias_with_parameters", warning, presence, checks::alias_with_parameters, about::svcb},
    {spf_without_txt, "spf_without_txt", warning, absence, checks::spf_without_txt, about::spf},
    {ttl_differs, "ttl_differs", warning, presence, checks::ttl_differs},
    {duplicate, "duplicate", warning, presence, checks::duplicate},
    {rrset_unsigned, "rrset_unsigned", warning, absence, checks::rrset_unsigned},
    {rrsig_without_rrset, "rrsig_without_rrset", warning, absence, checks::rrsig_without_rrset, about::rrsig},
    {nsec_chain_broken, "nsec_chain_broken", warning, absence, checks::nsec_chain_broken},
    {nsec3_chain_broken, "nsec3_chain_broken", warning, absence, checks::nsec3_chain_broken},
    {nsec3_iterations, "nsec3_iterations", warning, presence, checks::nsec3_iterations, about::nsec3param},
};

constexpr bool rows_follow_the_enum() {
  for (size_t i = 0; i < std::size(table); ++i)
    if (table[i].defect != static_cast<ZoneDefect>(i)) return false;
  return true;
}
static_assert(rows_follow_the_enum());

// The rows to call for RRsets of a type, or for all owners (those without types among them), in the order of the table.
class RowsByType {
 public:
  RowsByType() {
    for (const Row& row : table) {
      if (std::holds_alternative<OnOwner>(row.check)) owner_rows_.push_back(&row);
      if (!std::holds_alternative<OnRrset>(row.check)) continue;
      for (uint16_t type = 0; type < rows_.size(); ++type)
        if (row.types.empty() || std::ranges::find(row.types, type) != row.types.end()) rows_[type].push_back(&row);
    }
  }
  std::span<const Row* const> of_owners() const { return owner_rows_; }
  std::span<const Row* const> of_rrsets(uint16_t type) const { return rows_[type < rows_.size() ? type : 0]; }

  static const RowsByType& instance() {
    static const RowsByType rows;
    return rows;
  }

 private:
  static constexpr size_t beyond_all_types = 128;  // that rows speak of; type 0 never stands in a zone
  std::array<std::vector<const Row*>, beyond_all_types> rows_;
  std::vector<const Row*> owner_rows_;
};

// Calls body(first, last) for each run of records with the same type.
template <typename Body>
void for_each_type(const Zone& zone, size_t first, size_t last, Body body) {
  while (first < last) {
    size_t end = first + 1;
    while (end < last && zone.type(end) == zone.type(first)) ++end;
    body(first, end);
    first = end;
  }
}

size_t end_of_owner(const Zone& zone, size_t first) {
  const NameView name = zone.owner(first);
  size_t end = first + 1;
  while (end < zone.size() && zone.owner(end) == name) ++end;
  return end;
}

}  // namespace

std::string_view defect_name(ZoneDefect defect) { return table[static_cast<size_t>(defect)].name; }
size_t defect_count() { return std::size(table); }

ZoneCheck::ZoneCheck(const Zone& zone, std::span<const Name> names_elsewhere,
                     const std::function<void(const ZoneFinding&)>& report)
    : zone_(zone), report_(report), origin_is_host_name_(!zone.origin().is_wildcard() && is_host_name(zone.origin())) {
  for (const Name& name : names_elsewhere) elsewhere_.insert(name.view());
}

void ZoneCheck::report(RecordPlace place, std::string message) {
  const Row& row = *static_cast<const Row*>(row_);
  report_({row.defect, row.severity, row.about_absence, place, std::move(message)});
}

void ZoneCheck::run_on_zone() {
  for (const Row& row : table) {
    row_ = &row;
    if (const auto* on_zone = std::get_if<OnZone>(&row.check)) (*on_zone)(*this);
  }
}

// The first name below the apex and above `owner` at which there is one of a type; with_apex: or at the apex.
std::optional<NameView> ZoneCheck::topmost_above(NameView owner, uint16_t type, bool with_apex) const {
  std::optional<NameView> topmost;
  if (!owner.is_at_or_below(zone_.origin())) return topmost;
  while (owner.size() > zone_.origin().size()) {
    owner = owner.parent();
    if (!with_apex && owner.size() == zone_.origin().size()) break;
    const auto [first, last] = find(owner, type);
    if (first < last) topmost = zone_.owner(first);
  }
  return topmost;
}

// A walk in canonical order, where all names below a name follow it directly. [first, end) are whole owners.
void ZoneCheck::run_on_owners(size_t first, size_t end) {
  if (first >= end) return;
  std::optional<NameView> cut = topmost_above(zone_.owner(first), rr_type::NS, false);
  std::optional<NameView> dname = topmost_above(zone_.owner(first), rr_type::DNAME, true);
  for (size_t last = 0; first < end; first = last) {
    last = end_of_owner(zone_, first);
    OwnerInZone owner{.name = zone_.owner(first), .first = first, .last = last, .dname = {}};
    owner.in_zone = owner.name.is_at_or_below(zone_.origin());
    owner.is_apex = owner.name == zone_.origin();
    if (cut && !owner.name.is_at_or_below(*cut)) cut.reset();
    if (dname && !owner.name.is_at_or_below(*dname)) dname.reset();
    owner.has_cut_above = cut.has_value();
    owner.has_dname_above = dname.has_value();
    if (dname) owner.dname = *dname;
    check_owner(owner);
    if (!owner.in_zone) continue;
    if (!cut && !owner.is_apex && has(owner, rr_type::NS)) cut = owner.name;
    if (!dname && has(owner, rr_type::DNAME)) dname = owner.name;
  }
}

void ZoneCheck::check_owner(const OwnerInZone& owner) {
  for (const Row* row : RowsByType::instance().of_owners()) {
    const auto here = [&](uint16_t type) { return has(owner, type); };
    if (!row->types.empty() && std::ranges::none_of(row->types, here)) continue;
    row_ = row;
    std::get<OnOwner>(row->check)(*this, owner);
  }
  if (!owner.in_zone) return;
  for_each_type(zone_, owner.first, owner.last, [&](size_t first, size_t last) {
    check_rrset({owner, zone_.type(first), first, last});
  });
}

void ZoneCheck::check_rrset(const RrsetInZone& rrset) {
  for (const Row* row : RowsByType::instance().of_rrsets(rrset.type)) {
    row_ = row;
    std::get<OnRrset>(row->check)(*this, rrset);
  }
}

// Both by halving: an owner may have a million records, and be asked for as often.
std::pair<size_t, size_t> ZoneCheck::find(NameView owner, uint16_t type) const {
  const auto [begin, end] = zone_.owner_range(owner);
  const auto first_not_below = [&, from = begin, to = end](uint32_t least) {
    size_t low = from, high = to;
    while (low < high) {
      const size_t middle = low + (high - low) / 2;
      if (zone_.type(middle) < least) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  };
  return {first_not_below(type), first_not_below(type + 1u)};
}

bool ZoneCheck::has(const OwnerInZone& owner, uint16_t type) const {
  for (size_t i = owner.first; i < owner.last && zone_.type(i) <= type; ++i)
    if (zone_.type(i) == type) return true;
  return false;
}

std::string ZoneCheck::line_text(size_t index) const {
  const RecordPlace place = zone_[index].place;
  return (place.file == 0 ? "line " : zone_.files()[place.file] + ":") + std::to_string(place.line);
}

bool ZoneCheck::has_address(NameView owner) const {
  const auto present = [this, owner](uint16_t type) {
    const auto [first, last] = find(owner, type);
    return first < last;
  };
  return present(rr_type::A) || present(rr_type::AAAA);
}

// Whether the name has records or names below it (RFC 4592 2.2.2).
bool ZoneCheck::exists(NameView name) const {
  const size_t first = zone_.owner_range(name).first;
  return first < zone_.size() && zone_[first].owner.is_at_or_below(name);
}

bool ZoneCheck::is_at_or_below_cut(NameView name) const {
  for (; name.size() > zone_.origin().size(); name = name.parent()) {
    const auto [first, last] = find(name, rr_type::NS);
    if (first < last) return true;
  }
  return false;
}

TargetKind ZoneCheck::classify(NameView target) {
  if (last_target_ && *last_target_ == target) return last_kind_;
  last_kind_ = classify_anew(target);
  last_target_ = target;
  return last_kind_;
}

TargetKind ZoneCheck::classify_anew(NameView target) const {
  const auto has_type = [this](NameView name, uint16_t type) {
    const auto [first, last] = find(name, type);
    return first < last;
  };
  if (!target.is_at_or_below(zone_.origin())) return TargetKind::outside;
  if (elsewhere_.contains(target)) return TargetKind::elsewhere;
  if (has_type(target, rr_type::CNAME)) return TargetKind::alias;
  if (has_address(target)) return TargetKind::has_address;
  if (is_at_or_below_cut(target)) return TargetKind::below_cut;
  for (NameView name = target; name.size() > zone_.origin().size();) {
    name = name.parent();
    if (has_type(name, rr_type::DNAME)) return TargetKind::alias;
  }
  if (exists(target)) return TargetKind::without_address;
  const Name wildcard = wildcard_for(target);
  if (has_type(wildcard, rr_type::CNAME)) return TargetKind::alias;
  return has_address(wildcard) ? TargetKind::has_address : TargetKind::without_address;
}

// The wildcard that would stand for a name that does not exist (RFC 4592 3.3.1); the name itself if there can be
// none.
Name ZoneCheck::wildcard_for(NameView name) const {
  NameView encloser = name;
  while (encloser.size() > zone_.origin().size() && !exists(encloser)) encloser = encloser.parent();
  const Result<Name> wildcard = Name::parse("*", encloser);
  return wildcard ? *wildcard : Name(name);
}

void check_zone(const Zone& zone, std::span<const Name> names_elsewhere,
                const std::function<void(const ZoneFinding&)>& report, bool two_threads) {
  ZoneCheck check(zone, names_elsewhere, report);
  check.run_on_zone();
  const size_t middle = two_threads && zone.size() > 1 ? end_of_owner(zone, zone.size() / 2) : zone.size();
  // The findings of the second half wait until those of the first are reported.
  std::vector<ZoneFinding> waiting;
  const std::function<void(const ZoneFinding&)> wait = [&](const ZoneFinding& f) { waiting.push_back(f); };
  std::thread second;
  if (middle < zone.size()) {
    second = std::thread([&] { ZoneCheck(zone, names_elsewhere, wait).run_on_owners(middle, zone.size()); });
  }
  check.run_on_owners(0, middle);
  if (!second.joinable()) return;
  second.join();
  for (const ZoneFinding& finding : waiting) report(finding);
}

Zone mended(const Zone& zone) {
  ZoneBuilder builder(zone.origin());
  for (const std::string& file : zone.files()) builder.add_file(file);
  for_each_type(zone, 0, zone.size(), [&](size_t first, size_t last) {
    while (first < last) {
      const size_t end = std::min(last, end_of_owner(zone, first));
      const std::vector<size_t> repeated = repeated_records(zone, first, end);
      uint32_t ttl = zone[first].ttl;
      for (size_t i = first; i < end; ++i) ttl = std::min(ttl, zone[i].ttl);
      auto next = repeated.begin();
      for (; first < end; ++first) {
        const RecordView r = zone[first];
        if (next != repeated.end() && *next == first) {
          ++next;
        } else {
          builder.add(r.owner, r.type, r.type == rr_type::RRSIG ? r.ttl : ttl, r.rdata, r.place);
        }
      }
    }
  });
  return std::move(builder).build();
}

}  // namespace dnsd
