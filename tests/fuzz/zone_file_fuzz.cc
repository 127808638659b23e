// A zone that can be read can be written, and what is written reads back as the same records. And whatever the text,
// an edit of it is refused or leaves exactly one record more, and undone leaves the text as it was. And two threads read
// what one reads.
#include <cstdlib>
#include <string_view>

#include "zones/rr_types.h"
#include "zones/zone_diff.h"
#include "zones/zone_edit.h"
#include "zones/zone_file.h"
#include "zones/zone_writer.h"

namespace {

using namespace dnsd;

void require(bool condition) {
  if (!condition) std::abort();
}

ZoneFileOptions options_for_fuzzing() {
  ZoneFileOptions options;
  options.path = "fuzz.zone";
  options.origin = *Name::parse("example.com.");
  options.most_generated = 200;
  return options;
}

const ZoneFileOptions options = options_for_fuzzing();

// One file that can be included, so that $INCLUDE leads somewhere.
const OpenFile open = [](const std::string& path) -> Result<std::string> {
  if (path == "part") return std::string("part 60 A 192.0.2.77\n$ORIGIN deep\n@ 60 TXT part\n");
  return Failure{"no such file"};
};

void require_round_trip(const Zone& zone) {
  Diagnostics diagnostics;
  const auto again = read_zone_text(zone_text(zone), options, open, diagnostics);
  require(again.has_value());
  require(diff_zones(zone, *again) == ZoneDiff{});
}

void require_halves(std::string_view text, const std::optional<Zone>& zone, const Diagnostics& diagnostics) {
  ZoneFileOptions halves = options;
  halves.two_threads_from = 0;
  Diagnostics found;
  const auto again = read_zone_text(text, halves, open, found);
  require(to_text(found) == to_text(diagnostics));
  require(again.has_value() == zone.has_value());
  if (zone) require(zone_text(*again) == zone_text(*zone));
}

void require_edits(std::string_view text) {
  const Name owner = *Name::parse("fuzz", options.origin);
  const auto added = add_record({text, options, open}, owner, std::nullopt, rr_type::MX, "10 mail");
  if (!added) return;
  const auto removed = remove_records({*added, options, open}, owner, rr_type::MX, "10 mail");
  require(removed.ok());
  require(*removed == text || *removed == std::string(text) + "\n");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Diagnostics diagnostics;
  const auto zone = read_zone_text(text, options, open, diagnostics);
  require(zone.has_value() == !diagnostics.has_errors());
  require(diagnostics.all().size() <= 202);
  if (zone) require_round_trip(*zone);
  require_halves(text, zone, diagnostics);
  require_edits(text);
  return 0;
}
