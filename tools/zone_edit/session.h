// What every verb is given, and how every verb speaks: tables or JSON on the standard output, reasons on the standard
// error, and one of three exit statuses.
//
// Thread safety: one thread.
#pragma once

#include <iostream>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "base/instant.h"
#include "base/text.h"
#include "dnsd/loading/data_directory.h"

namespace dnsd {

using Json = nlohmann::ordered_json;

namespace exit_status {
inline constexpr int done = 0;
inline constexpr int refused = 1;  // why is on the standard error; nothing was written
inline constexpr int usage = 2;
}  // namespace exit_status

struct Session {
  std::string config = "dnsd.yaml";
  bool json = false;
  Instant now;  // the only clock there is
  std::ostream& out;
  std::ostream& err;
  std::istream& in = std::cin;
};

// Writes a document to the standard output; octets that are no UTF-8 are replaced.
void print_json(const Session& session, const Json& json);

// Says why on the standard error, with --json also as {"ok": false, "error": …} on the standard output.
// Returns exit_status::refused.
int refuse(const Session& session, const std::string& reason);
// The same with the defects that are the reason listed before it.
int refuse(const Session& session, const std::string& reason, const Diagnostics& defects);

// The data directory at session.now. None where it has a defect that is an error: all are on the standard error, and
// what is left to do is to return exit_status::refused.
std::optional<DataDirectory> load_or_refuse(const Session& session);

// {"severity", "file", "line", "column", "message"} each.
Json defects_json(const Diagnostics& defects);


// "in 32d12h", "3h ago", "now"; rounded to what matters at that distance.
std::string distance_text(Instant when, Instant now);

}  // namespace dnsd
