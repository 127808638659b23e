#include "zones/zone_file.h"

#include "base/atomic_file.h"
#include "zones/defect_list.h"
#include "zones/zone_check.h"
#include "zones/zone_reader.h"

namespace dnsd {

std::optional<Zone> read_zone_text(std::string_view text, const ZoneFileOptions& options, const OpenFile& open,
                                   Diagnostics& diagnostics) {
  DefectList defects;
  ZoneBuilder builder(options.origin);
  bool too_big = false;
  ZoneReader reader(options, open, defects, [&](const ReadRecord& r) {
    if (too_big || builder.add(r.owner, r.type, r.ttl, r.rdata, r.place)) return;
    too_big = true;
    defects.add(Severity::error, r.place, "more than 4 GiB of records in one zone");
  });
  reader.read(text);
  for (const std::string& file : defects.files()) builder.add_file(file);
  Zone zone = std::move(builder).build();
  const bool whole = !defects.has_errors();
  bool needs_mending = false;
  check_zone(zone, options.names_elsewhere, [&](const ZoneFinding& finding) {
    if (finding.about_absence && !whole) return;
    needs_mending |= finding.defect == ZoneDefect::duplicate || finding.defect == ZoneDefect::ttl_differs;
    defects.add(finding.severity, finding.place, finding.message);
  });
  const bool sound = !defects.has_errors();
  defects.finish(diagnostics);
  if (!sound) return std::nullopt;
  return needs_mending ? mended(zone) : std::move(zone);
}

std::optional<Zone> read_zone_file(const ZoneFileOptions& options, Diagnostics& diagnostics) {
  const Result<std::string> text = read_file(options.path);
  if (!text) {
    const std::string& shown = options.shown_path.empty() ? options.path : options.shown_path;
    diagnostics.error({shown}, text.failure().message);
    return std::nullopt;
  }
  const OpenFile open = [](const std::string& path) { return read_file(path); };
  return read_zone_text(*text, options, open, diagnostics);
}

}  // namespace dnsd
