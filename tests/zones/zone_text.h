// Master files in memory, for the tests of zones.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/atomic_file.h"
#include "zones/zone_file.h"
#include "zones/zone_writer.h"

namespace dnsd {

inline Name name(std::string_view text) { return *Name::parse(text); }

// Files by path, as if on disk.
using Files = std::map<std::string, std::string>;

inline OpenFile open_from(const Files& files) {
  return [&files](const std::string& path) -> Result<std::string> {
    const auto file = files.find(path);
    if (file == files.end()) return Failure{"no such file"};
    return file->second;
  };
}

struct ReadZone {
  std::optional<Zone> zone;
  std::string messages;  // as a user sees them
};

inline ZoneFileOptions options_for(std::string_view origin = "example.com.") {
  ZoneFileOptions options;
  options.path = "test.zone";
  options.origin = name(origin);
  return options;
}

inline ReadZone read_text(std::string_view text, const Files& files = {},
                          const ZoneFileOptions& options = options_for()) {
  Diagnostics diagnostics;
  ReadZone read;
  read.zone = read_zone_text(text, options, open_from(files), diagnostics);
  read.messages = to_text(diagnostics);
  return read;
}

// Three lines that make any further record a sound zone.
inline const std::string apex =
    "@ 300 SOA ns1 hostmaster 1 7200 3600 1209600 300\n@ 300 NS ns1\nns1 300 A 192.0.2.1\n";

// The records that `text` adds to `apex`, or what is wrong with it. Line 4 is its first.
inline std::string records_of(std::string_view text, const Files& files = {}) {
  const ReadZone read = read_text(apex + std::string(text), files);
  if (!read.messages.empty()) return read.messages;
  std::string records;
  const Zone& zone = *read.zone;
  for (size_t i = 0; i < zone.size(); ++i)
    if (zone[i].place.file != 0 || zone[i].place.line > 3) records += record_text(zone[i]) + "\n";
  return records;
}

inline std::string sample(const std::string& file) {
  const auto text = read_file(std::string(TEST_DIRECTORY) + "/zones/samples/" + file);
  return text ? *text : "cannot read the sample " + file;
}

}  // namespace dnsd
