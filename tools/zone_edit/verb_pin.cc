// pin list: the entries of the pinned sets, with their state now.
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "pinned_ips/timeline.h"
#include "tools/zone_edit/entry_text.h"
#include "tools/zone_edit/options.h"
#include "tools/zone_edit/table.h"
#include "tools/zone_edit/verbs.h"

namespace dnsd {
namespace {

Json entry_json(const PinnedSet& set, const PinnedEntry& entry, Instant now) {
  return {{"cidr", to_text(entry.cidr)},
          {"state", to_text(state_at(entry, set.ttl, now))},
          {"facility", entry.facility},
          {"published_at", to_text(published_at(entry))},
          {"enabled_at", to_text(enabled_at(entry))},
          {"last_answer_at", json_or_null(last_answer_at(entry, set.ttl))},
          {"retired_at", json_or_null(retired_at(entry))},
          {"addresses", address_texts(entry)}};
}

Json set_json(const PinnedSet& set, Instant now) {
  Json json = {{"set", set.name}, {"ttl", set.ttl}, {"notice_seconds", set.notice.seconds}};
  json["next_change"] = json_or_null(next_state_change(set, now));
  json["entries"] = Json::array();
  for (const PinnedEntry& entry : set.entries) json["entries"].push_back(entry_json(set, entry, now));
  json["clients"] = Json::array();
  for (const PinnedClient& client : set.clients) {
    Json one = {{"name", client.name}, {"sources", Json::array()}};
    for (const PinnedClient::Source& source : client.sources) one["sources"].push_back(to_text(source.prefix));
    json["clients"].push_back(std::move(one));
  }
  return json;
}

void print_set(const Session& session, const PinnedSet& set) {
  const std::optional<Instant> next = next_state_change(set, session.now);
  const size_t answered = addresses_at(set, session.now).size();
  session.out << set.name << ": ttl " << set.ttl << ", notice " << to_text(set.notice) << ", " << answered
              << (answered == 1 ? " address" : " addresses") << " answered now, "
              << (next ? "changes next at " + to_text(*next) : "nothing is scheduled") << '\n';
  Table table(
      {"CIDR", "STATE", "FACILITY", "PUBLISHED", "ENABLED", "LAST ANSWER", "RETIRED", "ADDRESSES IN SERVICE"});
  for (const PinnedEntry& entry : set.entries) {
    table.add({to_text(entry.cidr), std::string(to_text(state_at(entry, set.ttl, session.now))), entry.facility,
               to_text(published_at(entry)), to_text(enabled_at(entry)), text_or_none(last_answer_at(entry, set.ttl)),
               text_or_none(retired_at(entry)), joined(address_texts(entry))});
  }
  session.out << table.to_text(2);
  for (const PinnedClient& client : set.clients) {
    std::vector<std::string> sources;
    for (const PinnedClient::Source& source : client.sources) sources.push_back(to_text(source.prefix));
    session.out << "  for " << client.name << ": " << joined(sources) << '\n';
  }
}

int list(const Session& session, const std::string& only) {
  const std::optional<DataDirectory> data = load_or_refuse(session);
  if (!data) return exit_status::refused;
  if (!only.empty() && !data->find_set(only)) return refuse(session, "there is no pinned set '" + only + "'");
  Json json = {{"now", to_text(session.now)}, {"sets", Json::array()}};
  bool first = true;
  for (const PinnedSet& set : data->pinned_sets) {
    if (!only.empty() && set.name != only) continue;
    if (session.json) {
      json["sets"].push_back(set_json(set, session.now));
    } else {
      if (!std::exchange(first, false)) session.out << '\n';
      print_set(session, set);
    }
  }
  if (session.json) print_json(session, json);
  return exit_status::done;
}

}  // namespace

void setup_pin(CLI::App& app, Action& action) {
  app.footer("Example: zone-edit pin list --help");
  const auto only = std::make_shared<std::string>();
  CLI::App* sub = add_sub_verb(app, "list", "Entries with their state and instants; who gets each set");
  sub->add_option("SET", *only, "Only this set");
  sub->footer(
      "State of an entry: announced (in the feed, not answered yet), standby (allowed, no address of it in "
      "service),\n"
      "active (answered), draining (no longer answered, the host must still live), retired.\n"
      "All instants are UTC. ENABLED is the first moment an address may be answered, LAST ANSWER the first at which "
      "it\n"
      "no longer is, RETIRED when the host may go.\n"
      "\n"
      "Examples:\n"
      "  zone-edit pin list\n"
      "  zone-edit pin list proxy --json");
  sub->callback([&action, only] { action = [only](const Session& session) { return list(session, *only); }; });
}

}  // namespace dnsd
