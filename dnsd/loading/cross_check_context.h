// What the checks of cross_check.cc share, and all of them. Part of cross_check.cc.
//
// Thread safety: none needed, it lives as long as one cross_check().
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/instant.h"
#include "dnsd/loading/data_directory.h"
#include "zones/zone_file.h"

namespace dnsd::cross_checks {

// What every check is given: the data, the moment, and where to report with the line of the file.
class Context {
 public:
  Context(const DataDirectory& directory, Instant instant, const OpenFile& open, Diagnostics& diagnostics)
      : data(directory), now(instant), open_(open), diagnostics_(diagnostics) {}

  const DataDirectory& data;
  const Instant now;

  void error(const Place& place, std::string message) { diagnostics_.error(place, std::move(message), line(place)); }
  void warning(const Place& place, std::string message) {
    diagnostics_.warning(place, std::move(message), line(place));
  }
  Diagnostics& diagnostics() { return diagnostics_; }

  std::string line(const Place& place) {
    auto [row, fresh] = texts_.try_emplace(place.file);
    Text& text = row->second;
    if (fresh) text = read(place.file);
    if (place.line == 0 || place.line > text.line_starts.size()) return {};
    return std::string(line_of(std::string_view(text.content).substr(text.line_starts[place.line - 1]), 1));
  }

 private:
  struct Text {
    std::string content;
    std::vector<size_t> line_starts;  // so that the lines of thousands of defects are found in no time
  };

  Text read(const std::string& path) const {
    Text text;
    if (Result<std::string> content = open_(path)) text.content = std::move(*content);
    text.line_starts.push_back(0);
    for (size_t end; (end = text.content.find('\n', text.line_starts.back())) != std::string::npos;)
      text.line_starts.push_back(end + 1);
    return text;
  }

  const OpenFile& open_;
  Diagnostics& diagnostics_;
  std::map<std::string, Text> texts_;
};

// "zones/a.yaml:12", for a message about another place.
inline std::string at(const Place& place) { return place.file + ":" + std::to_string(place.line); }

// cross_check_names.cc
void zones_are_distinct(Context& in);
void references_exist(Context& in);
void shaped_names_are_free(Context& in);
void shaped_names_are_unsigned(Context& in);
void hints_are_signed_as_written(Context& in);

// cross_check_pages.cc
void pages_are_free(Context& in);

// cross_check_pools.cc
void pools_are_used(Context& in);
void pools_have_members_in_service(Context& in);
void sites_are_said_of_all(Context& in);
void sites_are_spelled_alike(Context& in);
void addresses_have_one_meaning(Context& in);

// cross_check_weights.cc
void weights_can_be_kept(Context& in);

// cross_check_clients.cc
void clients_are_of_one_set(Context& in);
void clients_match_by_client_subnet(Context& in);

// cross_check_pinned.cc
void sets_are_distinct(Context& in);
void pinned_addresses_have_one_meaning(Context& in);
void pinned_sets_fit(Context& in);
void pinned_sets_answer(Context& in);
void standbys_are_enough(Context& in);
void what_is_out_is_known(Context& in);

}  // namespace dnsd::cross_checks
