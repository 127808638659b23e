#include "tools/zone_edit/replay_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tools/zone_edit/numbers.h"

namespace dnsd {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t most_listed = 12;  // addresses or names of a group; JSON has them all

std::string plural(uint64_t number, const char* one, const char* more) {
  return grouped(number) + " " + (number == 1 ? one : more);
}

std::string of_clients(uint64_t queries, uint64_t clients) {
  return plural(queries, "query", "queries") + " of " + plural(clients, "client", "clients");
}

// "a, b, c" and how many there are beyond.
template <typename List, typename ToText>
std::string listed(const List& list, ToText text_of) {
  std::string text;
  for (size_t i = 0; i < std::min(list.size(), most_listed); ++i) text += (i > 0 ? ", " : "") + text_of(list[i]);
  if (list.size() > most_listed) text += ", and " + grouped(list.size() - most_listed) + " more";
  return text;
}

std::string group_text(const ChangeGroup& group) {
  std::string text;
  for (size_t i = 0; i < group.what.size(); ++i) text += (i > 0 ? "; " : "\n") + group.what[i];
  text += "\n";
  const auto line = [&](const char* what, const std::string& words) {
    text += std::string("  ") + what + words + "\n";
  };
  const auto address = [](const IpAddress& a) { return to_text(a); };
  const auto counted_entry = [](const std::string& name, uint64_t queries) {
    return name + " (" + grouped(queries) + ")";
  };
  if (!group.appear.empty()) line("may appear   ", listed(group.appear, address));
  if (!group.vanish.empty()) line("never again  ", listed(group.vanish, address));
  line("seen by      ", of_clients(group.queries, group.clients));
  line("names        ",
       listed(group.names, [&](const ChangeGroup::Asked& n) { return counted_entry(n.name, n.queries); }));
  line("busiest      ",
       listed(group.busiest, [&](const ChangeGroup::Client& c) { return counted_entry(c.network, c.queries); }));
  return text;
}

Json addresses_json(const std::vector<IpAddress>& addresses) {
  Json list = Json::array();
  for (const IpAddress& address : addresses) list.push_back(to_text(address));
  return list;
}

Json group_json(const ChangeGroup& group) {
  Json json = {{"what", group.what},
               {"may_appear", addresses_json(group.appear)},
               {"never_again", addresses_json(group.vanish)},
               {"queries", group.queries},
               {"clients", group.clients}};
  json["names"] = Json::array();
  for (const ChangeGroup::Asked& name : group.names)
    json["names"].push_back({{"name", name.name}, {"queries", name.queries}});
  json["busiest_clients"] = Json::array();
  for (const ChangeGroup::Client& client : group.busiest)
    json["busiest_clients"].push_back({{"client", client.network}, {"queries", client.queries}});
  return json;
}

}  // namespace

std::string replay_text(const ReplayResult& result, const QueryLogSummary& log, const std::string& file) {
  std::string text = file + ": " + of_clients(result.queries, result.clients);
  if (result.first) text += ", " + to_text(*result.first) + " to " + to_text(*result.last);
  if (log.defects > 0) text += "; " + plural(log.defects, "entry", "entries") + " not understood";
  if (log.other_messages > 0) text += "; " + plural(log.other_messages, "other message", "other messages");
  const uint64_t touched = result.clients - result.unchanged_clients;
  text += "\nno change    " + of_clients(result.unchanged_queries, result.unchanged_clients) + "\nchange       " +
          of_clients(result.queries - result.unchanged_queries, touched) + "\n";
  for (const ChangeGroup& group : result.groups) text += group_text(group);
  return text;
}

Json replay_json(const ReplayResult& result, const QueryLogSummary& log, const std::string& file) {
  Json json = {{"log", file}, {"queries", result.queries}, {"clients", result.clients}};
  json["first"] = result.first ? Json(to_text(*result.first)) : Json();
  json["last"] = result.last ? Json(to_text(*result.last)) : Json();
  json["defects"] = log.defects;
  json["other_messages"] = log.other_messages;
  json["unchanged"] = {{"queries", result.unchanged_queries}, {"clients", result.unchanged_clients}};
  json["changed"] = {{"queries", result.queries - result.unchanged_queries},
                     {"clients", result.clients - result.unchanged_clients}};
  json["changes"] = Json::array();
  for (const ChangeGroup& group : result.groups) json["changes"].push_back(group_json(group));
  return json;
}

}  // namespace dnsd
