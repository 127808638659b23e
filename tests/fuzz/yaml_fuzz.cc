// Any octets as each kind of YAML file: what is accepted can be edited, and the edited text is accepted again.
#include <cstdlib>
#include <string>

#include "dnsd/config/pinned_config.h"
#include "dnsd/config/server_config.h"
#include "dnsd/config/yaml_edit.h"
#include "dnsd/config/zone_config.h"

namespace {

using namespace dnsd;

void require(bool promise) {
  if (!promise) std::abort();
}

// A configuration comes back exactly where no error was reported, and every report has its place in the file.
template <typename Parse>
auto parse(Parse parse_text, std::string_view text) {
  Diagnostics diagnostics;
  auto config = parse_text(text, "f.yaml", diagnostics);
  require(config.has_value() != diagnostics.has_errors());
  for (const Diagnostic& d : diagnostics.all()) {
    require(d.place.file == "f.yaml" && !d.message.empty());
    require(d.place.line == 0 || d.place.column > 0);
  }
  return config;
}

// The only ways to say no are to say why.
std::string edited(const Result<std::string>& result, const std::string& before) {
  if (!result) require(!result.failure().message.empty());
  return result ? *result : before;
}

std::optional<ZoneConfig> parse_zone(std::string_view text, const std::string& path, Diagnostics& diagnostics) {
  return parse_zone_config(text, path, diagnostics);
}

size_t members_of(const std::string& text) {
  const auto config = parse(parse_zone, text);
  require(config && !config->pools.empty());
  return config->pools[0].members.size();
}

void edit(const ZoneConfig& config, const std::string& text) {
  const PoolDefinition& pool = config.pools[0];
  const PoolMember& first = pool.members[0];
  const MemberState other = first.state == MemberState::drain ? MemberState::out : MemberState::drain;
  const Result<std::string> drained = change_members(text, pool.name, {&first.address, 1}, {other, 9, std::nullopt});
  const std::string now = edited(drained, text);
  require(members_of(now) == pool.members.size());
  if (drained) {
    const PoolMember changed = parse(parse_zone, now)->pools[0].members[0];
    require(changed.state == other && changed.weight == 9 && changed.site == first.site);
  }

  const PoolMember added[] = {{*IpAddress::parse("2001:db8:ffff::1"), 7, "a site's", MemberState::in, {}},
                              {*IpAddress::parse("198.18.255.255"), 1, "", MemberState::drain, {}}};
  const Result<std::string> longer = add_members(now, pool.name, added);
  const std::string with = edited(longer, now);
  require(members_of(with) == pool.members.size() + (longer ? 2 : 0));
  const Result<std::string> shorter = remove_members(with, pool.name, {&first.address, 1});
  require(members_of(edited(shorter, with)) == pool.members.size() + (longer ? 2 : 0) - (shorter ? 1 : 0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  parse(parse_server_config, text);
  parse(parse_pinned_set, text);
  const auto zone = parse(parse_zone, text);
  if (zone && !zone->pools.empty()) edit(*zone, text);
  return 0;
}
