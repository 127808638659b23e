// Reads a master file (RFC 1035 5, with $TTL of RFC 2308 4, $INCLUDE, and $GENERATE as BIND defines it) into a Zone.
//
// Every defect of the file is reported in one run, with its place: those of the text (zone_reader), then those of the
// zone as a whole (zone_check). At most 100 errors and 100 warnings of one zone are listed; a last line says how many
// there are beyond.
//
// The TTL of a record, in this order: its own; $TTL; that of the record before it (RFC 1035 5.1); for an SOA first in
// the file, its MINIMUM. A record that has none of these is an error. TTLs above 2^31-1 are refused (RFC 2181 8).
// The Zone holds no duplicates, and one TTL for an RRset, the lowest (RFC 2181 5.2); both are warned of.
//
// Limits, against files that were made to hurt: $INCLUDE 20 deep and 10,000 times, a logical line of 1 MiB,
// $GENERATE `most_generated` records and 256 MiB, 4 GiB of text in all.
//
// Thread safety: no shared state; any number of calls at once. `open` and `progress` are called by the calling thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "zones/name.h"
#include "zones/zone.h"

namespace dnsd {

// How far the reading of a master file has come. Both threads count, the one that called is told.
struct ReadProgress {
  std::atomic<uint64_t> records = 0;
  std::atomic<uint64_t> octets = 0;  // of the master file itself
  uint64_t of_octets = 0;
  std::function<void(const ReadProgress&)> tell;  // every few thousand lines
};

struct ZoneFileOptions {
  std::string path;                   // what is opened; $INCLUDE is relative to its folder
  std::string shown_path;             // the same file in messages; empty: path
  Name origin;                        // the zone's apex, and the first $ORIGIN
  std::vector<Name> names_elsewhere;  // names of the zone that have addresses from elsewhere than the master file
  uint32_t most_generated = 1'000'000;
  // Master files of so many octets and more are read, sorted and checked by two threads (zone_halves.h). What comes out is
  // the same.
  size_t two_threads_from = size_t{1} << 20;
  ReadProgress* progress = nullptr;
};

// Gives the content of a file, or why there is none.
using OpenFile = std::function<Result<std::string>(const std::string& path)>;

// Reads and checks. Nothing where there was an error; warnings do not matter.
std::optional<Zone> read_zone_file(const ZoneFileOptions& options, Diagnostics& diagnostics);

// The same for a master file in memory; `open` serves $INCLUDE.
std::optional<Zone> read_zone_text(std::string_view text, const ZoneFileOptions& options, const OpenFile& open,
                                   Diagnostics& diagnostics);

}  // namespace dnsd
