// What can be wrong with a zone as a whole, whatever the file it came from: one ZoneDefect, one row of the table in
// zone_check.cc, one check function and one sample in tests/zones/samples for each.
//
// The list holds what named-checkzone and nsd-checkzone find, and mistakes that they let pass (a forgotten final
// dot). Thread safety: no shared state.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "zones/name.h"
#include "zones/zone.h"

namespace dnsd {

enum class ZoneDefect : uint8_t {
  out_of_zone,
  soa_missing,
  soa_twice,
  soa_below_apex,
  soa_timers,
  soa_serial_zero,
  ns_missing,
  ns_at_wildcard,
  ns_is_alias,
  ns_without_address,
  glue_missing,
  ds_at_apex,
  ds_without_ns,
  below_delegation,
  cname_twice,
  cname_beside_data,
  cname_loop,
  dname_twice,
  dname_at_wildcard,
  below_dname,
  target_is_alias,
  target_without_address,
  name_is_address,
  final_dot_forgotten,
  bad_host_name,
  alias_with_parameters,
  spf_without_txt,
  ttl_differs,
  duplicate,
  rrset_unsigned,
  rrsig_without_rrset,
  nsec_chain_broken,
  nsec3_chain_broken,
  nsec3_iterations,
  // one more is a row in zone_check.cc
};

struct ZoneFinding {
  ZoneDefect defect;
  Severity severity;
  bool about_absence;  // something is missing: no news where parts of the file could not be read
  RecordPlace place;   // line 0: the zone as a whole
  std::string message;
};

// The enumerator's name, which is also that of its sample.
std::string_view defect_name(ZoneDefect defect);
size_t defect_count();

// Reports each defect in the order of the zone. `names_elsewhere` are names in the zone that have addresses which do
// not come from its records. With two threads each looks at half of the owners; `report` is called by the calling thread.
void check_zone(const Zone& zone, std::span<const Name> names_elsewhere,
                const std::function<void(const ZoneFinding&)>& report, bool two_threads = false);

// The zone without duplicates and with one TTL for an RRset, the lowest: the mends for ZoneDefect::duplicate and
// ttl_differs.
Zone mended(const Zone& zone);

}  // namespace dnsd
