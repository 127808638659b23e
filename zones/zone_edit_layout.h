// How a new record is written into a master file: in the columns of the line above it. For zone_edit alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "zones/name.h"
#include "zones/zone_scan.h"

namespace dnsd {

// The fields of a line to be, as text; empty ones are left out.
struct LineFields {
  std::string owner;
  std::string ttl;
  std::string type;
  std::string rdata;
};

// The line, its end included. Class and columns (or tabs) are those of the `model` line in `text`, as far as it has
// them.
std::string line_like(std::string_view text, const RecordLayout* model, const LineFields& fields);

// As short as `origin` allows: "@", "www", or absolute with a final dot.
std::string relative_text(NameView name, NameView origin);

}  // namespace dnsd
