// Edits of a master file's text that change only the octets concerned: comments, order and formatting stay.
//
// A new record is put behind the last one of its type, else of its owner, else at the end of the file, and laid out
// like the line before it. A changed one keeps its line and comment. Where a removed record's line gave its owner to
// the lines below, the first of these gets the name.
//
// Each edit reads the new text again and compares: the records must differ exactly as asked, else the edit fails.
// Records that come from $INCLUDE or $GENERATE are not edited; the failure names their place.
// Edits look at the text alone, not at whether the zone makes sense: for that, read_zone_text() the result.
//
// Thread safety: no shared state.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "zones/name.h"
#include "zones/zone_file.h"

namespace dnsd {

// The file to edit. All three must outlive the call.
struct MasterFile {
  std::string_view text;
  const ZoneFileOptions& options;
  const OpenFile& open;  // serves $INCLUDE
};

// Names in RDATA text are relative to the zone's origin, wherever in the file the record ends up.

// One record more. Without a TTL it gets that of its RRset, or what holds at its place in the file. Refused if the
// record is there already, and if the RRset has another TTL than the one given.
Result<std::string> add_record(const MasterFile& file, NameView owner, std::optional<uint32_t> ttl, uint16_t type,
                               std::string_view rdata);

// Exactly these records in the place of whatever the RRset holds. Without a TTL the RRset keeps its own.
Result<std::string> set_records(const MasterFile& file, NameView owner, std::optional<uint32_t> ttl, uint16_t type,
                                std::span<const std::string> rdata);

// The RRset, or one record of it. Refused if there is nothing to remove.
Result<std::string> remove_records(const MasterFile& file, NameView owner, uint16_t type,
                                   std::optional<std::string_view> rdata = std::nullopt);

// The SOA's serial raised by RFC 1982: one of the form YYYYMMDDnn becomes today's nn = 00 if that is larger, any
// other is raised by one. Only its digits change.
Result<std::string> raise_serial(const MasterFile& file, Instant now);

// The serial that comes after `serial`; never 0.
uint32_t next_serial(uint32_t serial, Instant now);

}  // namespace dnsd
