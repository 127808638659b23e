#include "zones/zone_edit.h"

#include <algorithm>

#include "base/text.h"
#include "zones/rdata_text.h"
#include "zones/rr_types.h"
#include "zones/ttl_text.h"
#include "zones/zone_edit_plan.h"

namespace dnsd {
namespace {

// Text to octets; relative names belong to the zone.
Result<GivenRdata> given(const MasterFile& file, uint16_t type, std::string_view text) {
  auto wire = rdata_from_text(type, text, file.options.origin);
  if (!wire) return wire.failure();
  return GivenRdata{std::string(text), std::move(*wire)};
}

Status fits_ttl(std::optional<uint32_t> ttl) {
  if (!ttl || *ttl <= max_ttl) return Done{};
  return Failure{"a TTL above 2147483647 (RFC 2181 section 8)"};
}

}  // namespace

Result<std::string> add_record(const MasterFile& file, NameView owner, std::optional<uint32_t> ttl, uint16_t type,
                               std::string_view rdata) {
  const Result<GivenRdata> record = given(file, type, rdata);
  if (!record) return record.failure();
  if (Status done = fits_ttl(ttl); !done) return done.failure();
  ZoneEdit edit(file, owner, type);
  if (Status done = edit.scan(); !done) return done.failure();
  for (const StandingRecord* standing : edit.rrset()) {
    const std::string what = "the " + type_text(type) + " of " + to_text(owner);
    if (standing->rdata == record->wire) return Failure{what + " is there already, in " + edit.where(*standing)};
    if (ttl && *ttl != standing->ttl) {
      return Failure{what + " in " + edit.where(*standing) + " has the TTL " + std::to_string(standing->ttl) +
                     "; all records of an RRset have one (RFC 2181 5.2)"};
    }
    ttl = standing->ttl;
  }
  edit.add(*record, ttl);
  return edit.finish();
}

Result<std::string> set_records(const MasterFile& file, NameView owner, std::optional<uint32_t> ttl, uint16_t type,
                                std::span<const std::string> rdata) {
  if (rdata.empty()) return Failure{"no RDATA; to remove a record is another edit"};
  if (Status done = fits_ttl(ttl); !done) return done.failure();
  std::vector<GivenRdata> wanted;
  for (const std::string& text : rdata) {
    Result<GivenRdata> record = given(file, type, text);
    if (!record) return record.failure();
    const bool known = std::ranges::find(wanted, record->wire, &GivenRdata::wire) != wanted.end();
    if (!known) wanted.push_back(std::move(*record));
  }
  ZoneEdit edit(file, owner, type);
  if (Status done = edit.scan(); !done) return done.failure();
  std::vector<const StandingRecord*> others;
  for (const StandingRecord* standing : edit.rrset()) {
    if (Status done = edit.editable(*standing); !done) return done.failure();
    if (!ttl) ttl = standing->ttl;
    const auto same = std::ranges::find(wanted, standing->rdata, &GivenRdata::wire);
    if (same == wanted.end()) {
      others.push_back(standing);
    } else {
      edit.change(*standing, nullptr, *ttl);
      wanted.erase(same);
    }
  }
  for (size_t i = 0; i < std::max(others.size(), wanted.size()); ++i) {
    if (i >= others.size()) {
      edit.add(wanted[i], ttl);
    } else if (i >= wanted.size()) {
      edit.remove(*others[i]);
    } else {
      edit.change(*others[i], &wanted[i], *ttl);
    }
  }
  return edit.finish();
}

Result<std::string> remove_records(const MasterFile& file, NameView owner, uint16_t type,
                                   std::optional<std::string_view> rdata) {
  std::optional<GivenRdata> wanted;
  if (rdata) {
    Result<GivenRdata> record = given(file, type, *rdata);
    if (!record) return record.failure();
    wanted = std::move(*record);
  }
  ZoneEdit edit(file, owner, type);
  if (Status done = edit.scan(); !done) return done.failure();
  size_t removed = 0;
  for (const StandingRecord* standing : edit.rrset()) {
    if (wanted && standing->rdata != wanted->wire) continue;
    if (Status done = edit.editable(*standing); !done) return done.failure();
    edit.remove(*standing);
    ++removed;
  }
  if (removed > 0) return edit.finish();
  return Failure{to_text(owner) + " has no " + type_text(type) + (wanted ? " " + std::string(*rdata) : "")};
}

uint32_t next_serial(uint32_t serial, Instant now) {
  const std::string text = std::to_string(serial);
  const auto dashed = [](const std::string& d) {
    return d.substr(0, 4) + "-" + d.substr(4, 2) + "-" + d.substr(6, 2);
  };
  if (text.size() == 10 && parse_date(dashed(text))) {
    const std::string today = date_text(now);
    const auto dated = parse_decimal(today.substr(0, 4) + today.substr(5, 2) + today.substr(8, 2) + "00", UINT32_MAX);
    if (dated && *dated > serial) return static_cast<uint32_t>(*dated);
  }
  return serial == UINT32_MAX ? 1 : serial + 1;
}

Result<std::string> raise_serial(const MasterFile& file, Instant now) {
  ZoneEdit edit(file, file.options.origin, rr_type::SOA);
  if (Status done = edit.scan(); !done) return done.failure();
  const auto soa = edit.rrset();
  if (soa.size() != 1) return Failure{"the zone has " + std::to_string(soa.size()) + " SOA records instead of one"};
  if (Status done = edit.editable(*soa[0]); !done) return done.failure();
  if (soa[0]->layout->rdata_tokens.size() != 7)
    return Failure{"the SOA is not written as seven fields; edit it by hand"};
  edit.change_serial(*soa[0], next_serial(load32(&soa[0]->rdata[soa[0]->rdata.size() - 20]), now));
  return edit.finish();
}

}  // namespace dnsd
