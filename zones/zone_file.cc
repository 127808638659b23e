#include "zones/zone_file.h"

#include "base/atomic_file.h"
#include "zones/defect_list.h"
#include "zones/zone_check.h"
#include "zones/zone_halves.h"
#include "zones/zone_reader.h"

namespace dnsd {

std::optional<Zone> read_zone_text(std::string_view text, const ZoneFileOptions& options, const OpenFile& open,
                                   Diagnostics& diagnostics) {
  DefectList defects;
  ZoneBuilder builder(options.origin);
  if (options.progress) options.progress->of_octets = text.size();
  bool too_big = false;
  ZoneReader reader(options, open, defects, [&](const ReadRecord& r) {
    if (too_big || builder.add(r.owner, r.type, r.ttl, r.rdata, r.place)) return;
    too_big = true;
    defects.add(Severity::error, r.place, "more than 4 GiB of records in one zone");
  });
  read_by_threads(text, options, reader, builder, defects);
  for (const std::string& file : defects.files()) builder.add_file(file);
  const bool two_threads = text.size() >= options.two_threads_from;
  Zone zone = std::move(builder).build(two_threads ? ZoneBuilder::Threads::two : ZoneBuilder::Threads::one);
  const bool whole = !defects.has_errors();
  bool needs_mending = false;
  check_zone(zone, options.names_elsewhere, [&](const ZoneFinding& finding) {
    if (finding.about_absence && !whole) return;
    needs_mending |= finding.defect == ZoneDefect::duplicate || finding.defect == ZoneDefect::ttl_differs;
    defects.add(finding.severity, finding.place, finding.message);
  }, two_threads);
  const bool sound = !defects.has_errors();
  defects.finish(diagnostics);
  if (!sound) return std::nullopt;
  return needs_mending ? mended(zone) : std::move(zone);
}

std::optional<Zone> read_zone_file(const ZoneFileOptions& options, Diagnostics& diagnostics) {
  const Result<HugeString> text = read_large_file(options.path);
  if (!text) {
    const std::string& shown = options.shown_path.empty() ? options.path : options.shown_path;
    diagnostics.error({shown}, text.failure().message);
    return std::nullopt;
  }
  const OpenFile open = [](const std::string& path) { return read_file(path); };
  return read_zone_text(*text, options, open, diagnostics);
}

}  // namespace dnsd
