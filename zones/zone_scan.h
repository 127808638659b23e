// A master file as zone_edit needs it: all records as they stand (duplicates and TTLs not mended), and for the
// records of one owner where in the text they are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "zones/zone.h"
#include "zones/zone_file.h"

namespace dnsd {

// Octets [begin, end) of the master file.
struct TextRange {
  size_t begin = 0;
  size_t end = 0;
};

// Where the parts of a record's line are. Empty ranges where a part is left out.
struct RecordLayout {
  TextRange line;  // all of it, the newline included
  TextRange owner, ttl, rr_class, type;
  TextRange rdata;  // first to last token, the quotes included
  std::vector<TextRange> rdata_tokens;
  bool blank_owner = false;
  bool has_parentheses = false;
};

// A record of the owner in question.
struct StandingRecord {
  uint16_t type = 0;
  uint32_t ttl = 0;
  std::vector<uint8_t> rdata;
  RecordPlace place;
  bool generated = false;              // by $GENERATE
  std::optional<RecordLayout> layout;  // for those of the master file that are not generated
  Name origin;                         // in force there
  uint32_t inherited_ttl = 0;          // what a record without TTL on the next line would get
};

struct ZoneScan {
  std::optional<Zone> zone;
  std::vector<StandingRecord> standing;     // in the order of reading
  std::optional<RecordLayout> last_layout;  // of the last record in the master file itself
  Name last_origin;                         // at the end of the master file
  uint32_t last_ttl = 0;
};

// A failure repeats the first defect of the text that keeps it from being read, with its place.
Result<ZoneScan> scan_zone(std::string_view text, const ZoneFileOptions& options, const OpenFile& open,
                           NameView owner);

// The lines of a master file that hold a record or a directive.
struct LineOutline {
  TextRange range;
  bool blank_owner = false;
  bool is_directive = false;
};
std::vector<LineOutline> outline_of(std::string_view text);

}  // namespace dnsd
