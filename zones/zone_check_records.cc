// Checks of records by themselves and within their RRset.
#include <algorithm>
#include <array>
#include <numeric>

#include "base/text.h"
#include "zones/rr_types.h"
#include "zones/zone_check_context.h"

namespace dnsd {
namespace {

// RDATA with the names in it lowercased: records that differ in case alone are the same (RFC 4034 6.2).
std::vector<uint8_t> canonical_rdata(const RecordView& record) {
  std::vector<uint8_t> rdata(record.rdata.begin(), record.rdata.end());
  for_each_name(record.type, record.rdata, [&](size_t at, size_t length, bool) {
    for (size_t i = at; i < at + length; ++i) rdata[i] = ascii_lower(rdata[i]);
  });
  return rdata;
}

constexpr auto in_host_name = [] {
  std::array<bool, 256> in{};
  for (size_t c = 0; c < in.size(); ++c)
    in[c] = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  return in;
}();

bool is_host_label(Bytes label) {
  const auto fits = [](uint8_t c) { return in_host_name[c]; };
  return label.front() != '-' && label.back() != '-' && std::ranges::all_of(label, fits);
}

// The same as is_host_name(), for an owner in the zone: of a million owners the origin is the same.
bool owner_is_host_name(const ZoneCheck& check, NameView name) {
  if (name.is_wildcard()) name = name.parent();
  for (; name.size() > check.zone().origin().size(); name = name.parent())
    if (!is_host_label(name.wire().subspan(1, name.data()[0]))) return false;
  return name.size() < check.zone().origin().size() ? is_host_name(name) : check.origin_is_host_name();
}

// "ns1.example.com.example.com.": what stands before the origin ends in the origin again.
bool repeats_origin(NameView name, NameView origin) {
  if (name.size() + 1u < 2 * origin.size()) return false;  // too short, as nearly all are
  const size_t labels = origin.label_count();
  if (labels == 0 || !name.is_at_or_below(origin) || name.label_count() < 2 * labels) return false;
  NameView before = name.suffix(2 * labels);
  for (NameView want = origin; !want.is_root(); want = want.parent(), before = before.parent()) {
    const Bytes a = before.wire().first(1u + before.data()[0]), b = want.wire().first(1u + want.data()[0]);
    if (!std::ranges::equal(
            a, b, {}, [](uint8_t c) { return ascii_lower(c); }, [](uint8_t c) { return ascii_lower(c); })) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool is_host_name(NameView name) {
  if (name.is_wildcard()) name = name.parent();
  for (; !name.is_root(); name = name.parent())
    if (!is_host_label(name.wire().subspan(1, name.data()[0]))) return false;
  return true;
}

std::vector<size_t> repeated_records(const Zone& zone, size_t first, size_t last) {
  std::vector<size_t> repeated;
  if (last - first < 2) return repeated;
  std::vector<std::vector<uint8_t>> rdata;
  for (size_t i = first; i < last; ++i) rdata.push_back(canonical_rdata(zone[i]));
  std::vector<size_t> order(last - first);
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, [&](size_t a, size_t b) { return rdata[a] < rdata[b]; });
  for (size_t i = 1; i < order.size(); ++i)
    if (rdata[order[i]] == rdata[order[i - 1]]) repeated.push_back(first + order[i]);
  std::ranges::sort(repeated);
  return repeated;
}

namespace checks {

void duplicate(ZoneCheck& check, const RrsetInZone& rrset) {
  for (const size_t i : repeated_records(check.zone(), rrset.first, rrset.last)) {
    check.report(check.zone()[i].place, "the same " + type_text(rrset.type) + " of " + to_text(rrset.owner.name) +
                                            " a second time; it is left out");
  }
}

void ttl_differs(ZoneCheck& check, const RrsetInZone& rrset) {
  if (rrset.last - rrset.first < 2) return;
  if (rrset.type == rr_type::RRSIG) return;  // each has the TTL of what it signs (RFC 4034 3)
  const Zone& zone = check.zone();
  uint32_t lowest = zone[rrset.first].ttl;
  for (size_t i = rrset.first; i < rrset.last; ++i) lowest = std::min(lowest, zone[i].ttl);
  for (size_t i = rrset.first + 1; i < rrset.last; ++i) {
    if (zone[i].ttl == zone[rrset.first].ttl) continue;
    check.report(zone[i].place, "TTL " + std::to_string(zone[i].ttl) + ", but " +
                                    std::to_string(zone[rrset.first].ttl) + " in " + check.line_text(rrset.first) +
                                    " for the same " + type_text(rrset.type) + " RRset; all of it gets " +
                                    std::to_string(lowest) + " (RFC 2181 5.2)");
    return;
  }
}

void soa_timers(ZoneCheck& check, const RrsetInZone& rrset) {
  if (rrset.type != rr_type::SOA) return;
  const RecordView record = check.zone()[rrset.first];
  const uint8_t* timers = record.rdata.data() + record.rdata.size() - 16;
  const uint64_t refresh = load32(timers), retry = load32(timers + 4), expire = load32(timers + 8);
  const auto seconds = [](uint64_t n) { return std::to_string(n); };
  if (retry > refresh) {
    check.report(record.place,
                 "the SOA's retry " + seconds(retry) + " is longer than its refresh " + seconds(refresh));
  }
  if (expire < refresh + retry) {
    check.report(record.place, "the SOA's expire " + seconds(expire) +
                                   " is shorter than refresh and retry together, " + seconds(refresh + retry));
  }
}

void soa_serial_zero(ZoneCheck& check, const RrsetInZone& rrset) {
  if (rrset.type != rr_type::SOA) return;
  const RecordView record = check.zone()[rrset.first];
  if (load32(record.rdata.data() + record.rdata.size() - 20) != 0) return;
  check.report(record.place, "the SOA's serial is 0, which some servers take for 'never transferred'");
}

void bad_host_name(ZoneCheck& check, const RrsetInZone& rrset) {
  const bool is_host = rrset.type == rr_type::A || rrset.type == rr_type::AAAA || rrset.type == rr_type::MX;
  if (is_host && !owner_is_host_name(check, rrset.owner.name)) {
    check.report(check.zone()[rrset.first].place, type_text(rrset.type) + " at " + to_text(rrset.owner.name) +
                                                      ", which is no host name (RFC 1123 2.1)");
  }
  if (rrset.type != rr_type::NS && rrset.type != rr_type::MX && rrset.type != rr_type::SRV) return;
  for (size_t i = rrset.first; i < rrset.last; ++i) {
    const RecordView r = check.zone()[i];
    if (is_host_name(target_of(r))) continue;
    check.report(r.place,
                 type_text(r.type) + " names " + to_text(target_of(r)) + ", which is no host name (RFC 1123 2.1)");
  }
}

// RFC 9460 2.4.1, 2.4.2: priority 0 says where the service is, and nothing else.
void alias_with_parameters(ZoneCheck& check, const RrsetInZone& rrset) {
  if (rrset.type != rr_type::SVCB && rrset.type != rr_type::HTTPS) return;
  for (size_t i = rrset.first; i < rrset.last; ++i) {
    const RecordView r = check.zone()[i];
    if (load16(r.rdata.data()) != 0) continue;
    const std::string alias = type_text(r.type) + " with priority 0 is an alias; ";
    if (r.rdata.size() > 2 + target_of(r).size())
      check.report(r.place, alias + "clients ignore its parameters (RFC 9460 2.4.2)");
    if (rrset.last - rrset.first > 1) {
      check.report(r.place, alias + "clients ignore all other records beside it (RFC 9460 2.4.1)");
      return;
    }
  }
}

void final_dot_forgotten(ZoneCheck& check, const RrsetInZone& rrset) {
  const NameView origin = check.zone().origin();
  const auto warn = [&](const RecordView& r, NameView name, const std::string& what) {
    if (!repeats_origin(name, origin)) return;
    check.report(r.place, what + to_text(name) + ", which has the origin twice; was a final dot forgotten?");
  };
  if (rrset.first == rrset.owner.first) warn(check.zone()[rrset.first], rrset.owner.name, "the owner is ");
  for (size_t i = rrset.first; i < rrset.last; ++i) {
    const RecordView r = check.zone()[i];
    for_each_name(r.type, r.rdata, [&](size_t at, size_t length, bool) {
      warn(r, NameView(r.rdata.subspan(at, length)), type_text(r.type) + " names ");
    });
  }
}

}  // namespace checks
}  // namespace dnsd
