// The signed zones of tests/cases/signed, or records given as text, as one compiled zone or a snapshot, for tests and
// fuzzing.
#pragma once

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "dnsd/snapshot/compile.h"
#include "zones/zone_file.h"

namespace dnsd::testing {

// An RRSIG of `covered`, with a signature that is one octet.
inline std::string signature_of(const std::string& owner, const std::string& covered) {
  return owner + " RRSIG " + covered + " 13 2 300 20360101000000 20260101000000 1 @ AQ==\n";
}

// Precondition: the text is a zone that loads.
inline Zone read_zone(const std::string& text, NameView origin) {
  Diagnostics diagnostics;
  const ZoneFileOptions options{.path = "test.zone", .shown_path = {}, .origin = Name(origin), .names_elsewhere = {}};
  auto zone = read_zone_text(text, options, [](const std::string&) { return Failure{"none"}; }, diagnostics);
  if (!zone) std::abort();
  return std::move(*zone);
}

// nsec.example., nsec3.example. and optout.example.; `tests` is the folder of tests in the source tree.
inline std::vector<ZoneInput> signed_zones(const std::string& tests) {
  std::vector<ZoneInput> zones;
  for (const char* name : {"nsec.example", "nsec3.example", "optout.example"}) {
    std::ostringstream text;
    text << std::ifstream(tests + "/cases/signed/zones/" + name + ".zone").rdbuf();
    zones.push_back({std::make_shared<const Zone>(read_zone(text.str(), *Name::parse(std::string(name) + "."))), {}, {}});
  }
  return zones;
}

inline std::unique_ptr<Snapshot> make_snapshot(std::vector<ZoneInput> zones, Instant now) {
  CompiledZoneCache cache;
  auto snapshot = compile_snapshot({std::move(zones), {}, {}}, NameHash(1, 2), now, 1, nullptr, cache);
  return snapshot ? std::move(*snapshot) : nullptr;
}

}  // namespace dnsd::testing
