// The zones of Loader: which of them must be read, and what is kept of those.
#include <algorithm>

#include "base/atomic_file.h"
#include "dnsd/loading/data_directory.h"
#include "dnsd/snapshot/feed_names.h"
#include "dnsd/snapshot/pages.h"

namespace dnsd {
namespace {

// The names that have addresses from pools and pinned sets, pages among them.
std::vector<Name> names_with_addresses(const ZoneConfig& config) {
  std::vector<Name> names;
  for (const NameRule& rule : config.names) {
    names.push_back(rule.owner);
    if (const std::optional<FeedNames> feed = feed_names(rule)) names.push_back(feed->next);
    const auto pool = std::ranges::find(config.pools, rule.pool.value_or(""), &PoolDefinition::name);
    if (!rule.pages || pool == config.pools.end()) continue;
    const unsigned count = page_count(rule, *pool);
    for (unsigned number = 1; number <= count; ++number)
      if (const Result<Name> page = page_name(rule.owner, number)) names.push_back(*page);
  }
  return names;
}

// What the checks of a zone, its facts and its compiled form depend on beside its files.
std::vector<uint8_t> wire_of_shaped_names(const ZoneConfig& config) {
  std::vector<uint8_t> wire;
  const auto append = [&wire](const std::vector<Name>& names) {
    for (const Name& name : names) wire.insert(wire.end(), name.view().data(), name.view().data() + name.size());
  };
  append(shaped_names(config.pools, config.names));
  append(names_with_addresses(config));
  return wire;
}

}  // namespace

void Loader::load_zones(DataDirectory& data, Diagnostics& found) {
  const std::vector<std::string> paths = list(data.config.runtime.zones, data.config.place, found);
  progress_ = {};
  progress_.zones = paths.size();
  tell_progress_(progress_);
  data.zones.reserve(paths.size());
  for (const std::string& path : paths) {
    ++progress_.zone;
    const std::string* text = overlaid(path);
    ZoneConfig good;
    std::optional<ZoneConfig> config =
        text ? parse_zone_config(*text, path, found, &good) : read_zone_config(path, found, &good);
    if (config) {
      const Known& known = load_zone(*config, found);
      data.zones.push_back({std::move(*config), known.facts, known.zone, known.compiled});
    } else if (!good.records.empty() && good.place.line > 0) {
      load_zone(good, found);  // not to be served: so that the defects of its master file are listed, too
    }
  }
}

const Loader::Known& Loader::load_zone(const ZoneConfig& config, Diagnostics& diagnostics) {
  note(config.records);
  std::vector<uint8_t> names = wire_of_shaped_names(config);
  Known& known = known_[config.records + '\n' + to_text(config.origin)];
  if (known.shaped_names != names || !is_unchanged(known)) {
    known = {};
    known.shaped_names = std::move(names);
    read_zone(config, known);
  }
  known.used = true;
  diagnostics.append(known.warnings);
  return known;
}

// Each file is noted, for changed() has to look at those of zones that are not read, too.
bool Loader::is_unchanged(const Known& known) {
  return known.facts && std::ranges::all_of(known.files, [this](const auto& row) {
    const auto& [path, stamp] = row;
    return stamp && note(path) == stamp;
  });
}

// No facts where it has errors: they are among its warnings, and the next call reads it again.
void Loader::read_zone(const ZoneConfig& config, Known& known) {
  std::optional<Zone> zone = read_master_file({.path = config.records, .shown_path = {}, .origin = config.origin,
                                               .names_elsewhere = names_with_addresses(config)}, known);
  if (!zone) return;
  if (compile_with_) {
    auto compiled = compile_zone(*zone, config.pools, config.names, *compile_with_);
    if (!compiled) return known.warnings.error({config.records}, compiled.failure().message);
    known.compiled = std::move(*compiled);
  }
  known.facts = std::make_shared<const ZoneFacts>(facts_of(*zone, config));
  if (!compile_with_) known.zone = std::make_shared<const Zone>(std::move(*zone));
}

// The text goes when it is read, before the zone is compiled. Every file is noted before it is read, so that one that
// changes meanwhile, or could not be read, counts as changed.
std::optional<Zone> Loader::read_master_file(ZoneFileOptions options, Known& known) {
  ReadProgress progress;
  progress.tell = [&](const ReadProgress& p) {
    progress_.octets = p.octets;
    progress_.of_octets = p.of_octets;
    progress_.records = p.records;
    tell_progress_(progress_);
  };
  options.progress = &progress;
  progress_.path = options.path;
  progress.tell(progress);
  const auto noted = [&](const std::string& path) {
    known.files.insert_or_assign(path, note(path));
    return open(path);
  };
  known.files.insert_or_assign(options.path, note(options.path));
  if (const std::string* text = overlaid(options.path)) return read_zone_text(*text, options, noted, known.warnings);
  const Result<HugeString> text = read_large_file(options.path);
  if (text) return read_zone_text(*text, options, noted, known.warnings);
  known.warnings.error({options.path}, text.failure().message);
  return std::nullopt;
}

}  // namespace dnsd
