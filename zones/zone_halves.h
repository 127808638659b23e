// Reads a long master file by two threads, each its half, into the same Zone and the same defects as one thread does.
//
//   |---- head ----|------- first half -------|-------- second half --------|
//    this thread    this thread                another one
//                                              ^ begins at a line with an owner of its own
//
// What the second half inherits from the first, $ORIGIN and $TTL, is guessed from the lines that look like directives,
// for only a reader of all lines knows which are: a line within parentheses or a $INCLUDE may set them, too. When the
// first half has been read the truth is known. Where the guess was wrong, or a line of the first half reaches into the
// second one, what was read of that is thrown away and this thread goes on as if there had never been another.
//
// Thread safety: as read_zone_text().
#pragma once

#include <string_view>

#include "zones/zone_file.h"

namespace dnsd {

class DefectList;
class ZoneReader;

// Reads all of the text. `reader` has read nothing yet, reports to `defects`, and its sink adds to `builder`.
void read_by_threads(std::string_view text, const ZoneFileOptions& options, ZoneReader& reader, ZoneBuilder& builder,
                     DefectList& defects);

}  // namespace dnsd
