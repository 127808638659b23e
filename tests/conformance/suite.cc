#include "suite.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "base/atomic_file.h"
#include "base/text.h"
#include "dnsd/snapshot/compile.h"
#include "zones/rr_types.h"
#include "zones/zone_file.h"

namespace dnsd::testing {
namespace {

using nlohmann::json;

// Calls each(key, value) for the members of an object; false where it does not know a key.
template <typename Each>
void read_members(const json& object, const std::string& what, Each each) {
  for (const auto& [key, value] : object.items())
    if (!each(key, value)) throw std::runtime_error(what + ": unknown key " + key);
}

Expectation read_expectation(const json& object) {
  Expectation e;
  read_members(object, "expect", [&e](const std::string& key, const json& value) {
    if (key == "by") return true;  // which references say so
    if (key == "no_answer") e.no_answer = value;
    else if (key == "rcode") e.rcode = value.get<std::string>();
    else if (key == "answer") e.answer = value.get<Records>();
    else if (key == "authority") e.authority = value.get<Records>();
    else if (key == "additional") e.additional = value.get<Records>();
    else if (key == "flags") {
      const Records flags = value;
      e.aa = std::ranges::find(flags, "AA") != flags.end();
      e.tc = std::ranges::find(flags, "TC") != flags.end();
    } else return false;
    return true;
  });
  return e;
}

SuiteCase read_case(const json& object) {
  SuiteCase c;
  c.words.flags = 0;
  read_members(object, "case", [&c](const std::string& key, const json& value) {
    if (key == "id") c.id = value;
    else if (key == "qname") c.words.name = value;
    else if (key == "qtype") c.words.type = value;
    else if (key == "qclass") c.words.klass = parse_class(value.get<std::string>()).value();
    else if (key == "do") c.words.dnssec_ok = value;
    else if (key == "edns") c.words.edns_payload = value;
    else if (key == "expect")
      for (const json& expectation : value) c.expect.push_back(read_expectation(expectation));
    else return false;
    return true;
  });
  if (c.expect.empty()) throw std::runtime_error(c.id + ": expects nothing");
  if (c.words.dnssec_ok && c.words.edns_payload < 0) throw std::runtime_error(c.id + ": DO without EDNS");
  return c;
}

template <typename Row>
void for_each_line(const std::string& path, Row row) {
  const Result<std::string> text = read_file(path);
  if (!text) throw std::runtime_error(text.failure().message);
  std::istringstream in(*text);
  for (std::string line; std::getline(in, line);) row(json::parse(line));
}

}  // namespace

Result<Suite> read_suite(const std::string& folder) try {
  Suite suite;
  for_each_line(folder + "/zones.jsonl", [&](const json& zone) {
    suite.zones.push_back({zone.at("origin"), zone.at("text")});
    suite.origins.insert(ascii_lower(suite.zones.back().origin));
  });
  for_each_line(folder + "/cases.jsonl", [&](const json& line) { suite.cases.push_back(read_case(line)); });
  const Result<std::string> about = read_file(folder + "/suite.json");
  if (!about) return about.failure();
  const json head = json::parse(*about);
  suite.name = head.at("name");
  suite.may_refuse = head.value("refusal_ok", false);
  if (suite.zones.size() != head.at("zone_count").get<size_t>()) return Failure{"zones are missing"};
  return suite;
} catch (const std::exception& error) {
  return Failure{folder + ": " + error.what()};
}

std::string zone_of(const Suite& suite, const std::string& name) {
  for (std::string end = ascii_lower(name); !end.empty(); end.erase(0, end.find('.') + 1))
    if (suite.origins.contains(end)) return end;
  return suite.origins.contains(".") ? "." : "";
}

Result<LoadedSuite> load_suite(const Suite& suite) {
  LoadedSuite loaded;
  SnapshotInput input;
  const auto no_files = [](const std::string&) { return Failure{"no such file"}; };
  for (const SuiteZone& zone : suite.zones) {
    const Result<Name> origin = Name::parse(zone.origin);
    if (!origin) return origin.failure();
    Diagnostics found;
    const ZoneFileOptions options{
        .path = zone.origin + "zone", .shown_path = {}, .origin = *origin, .names_elsewhere = {}};
    std::optional<Zone> read = read_zone_text(zone.text, options, no_files, found);
    if (read) {
      input.zones.push_back({std::make_shared<const Zone>(std::move(*read)), {}, {}});
    } else if (suite.may_refuse) {
      loaded.refused.insert(ascii_lower(zone.origin));
    } else {
      return Failure{to_text(found)};
    }
  }
  CompiledZoneCache cache;
  Result<std::unique_ptr<Snapshot>> snapshot =
      compile_snapshot(input, NameHash(1, 2), *parse_instant("2026-11-21T00:00:00Z"), 1, nullptr, cache);
  if (!snapshot) return snapshot.failure();
  loaded.snapshot = std::move(*snapshot);
  return loaded;
}

Result<std::map<std::string, std::string>> read_explained(const std::string& path) {
  const Result<std::string> text = read_file(path);
  if (!text) return text.failure();
  std::map<std::string, std::string> explained;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    std::istringstream words(line);
    std::string clause, id, more;
    words >> clause >> id;
    if (id.empty() || words >> more) return Failure{path + ": not CLAUSE CASE: " + line};
    if (!explained.emplace(id, clause).second) return Failure{path + ": twice: " + id};
  }
  return explained;
}

}  // namespace dnsd::testing
