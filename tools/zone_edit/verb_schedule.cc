// schedule: the coming changes of all pinned sets.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "pinned_ips/timeline.h"
#include "tools/zone_edit/entry_text.h"
#include "tools/zone_edit/table.h"
#include "tools/zone_edit/verbs.h"

namespace dnsd {
namespace {

struct Change {
  Instant at;
  const PinnedSet* set;
  const PinnedEntry* entry;
  EntryState state;  // from then on
};

void add_changes(const PinnedSet& set, const PinnedEntry& entry, Instant now, std::vector<Change>& changes) {
  const auto add = [&](const std::optional<Instant>& at) {
    if (at && *at > now) changes.push_back({*at, &set, &entry, state_at(entry, set.ttl, *at)});
  };
  add(enabled_at(entry));
  add(last_answer_at(entry, set.ttl));
  add(retired_at(entry));
}

std::vector<Change> coming_changes(const DataDirectory& data, Instant now) {
  std::vector<Change> changes;
  for (const PinnedSet& set : data.pinned_sets)
    for (const PinnedEntry& entry : set.entries) add_changes(set, entry, now, changes);
  std::ranges::stable_sort(changes, {}, &Change::at);
  return changes;
}

std::string effect_text(const Change& change) {
  const std::string addresses = joined(address_texts(*change.entry));
  switch (change.state) {
    case EntryState::announced: break;
    case EntryState::standby: return "may be answered; no address of it is in service yet";
    case EntryState::active: return addresses + " answered from then on";
    case EntryState::draining:
      return (addresses.empty() ? "it is" : addresses) + " no longer answered; hosts must still live";
    case EntryState::retired: return "hosts may go";
  }
  return {};
}

Json change_json(const Change& change, Instant now) {
  return {{"at", to_text(change.at)},
          {"in_seconds", (change.at - now).seconds},
          {"set", change.set->name},
          {"cidr", to_text(change.entry->cidr)},
          {"facility", change.entry->facility},
          {"state", to_text(change.state)},
          {"addresses", address_texts(*change.entry)},
          {"effect", effect_text(change)}};
}

int schedule(const Session& session) {
  const std::optional<DataDirectory> data = load_or_refuse(session);
  if (!data) return exit_status::refused;
  const std::vector<Change> changes = coming_changes(*data, session.now);
  if (session.json) {
    Json json = {{"now", to_text(session.now)}, {"changes", Json::array()}};
    for (const Change& change : changes) json["changes"].push_back(change_json(change, session.now));
    print_json(session, json);
    return exit_status::done;
  }
  if (changes.empty()) {
    session.out << "Nothing is scheduled.\n";
    return exit_status::done;
  }
  Table table({"AT (UTC)", "DISTANCE", "SET", "CIDR", "BECOMES", "WHAT IT DOES"});
  for (const Change& change : changes) {
    table.add({to_text(change.at), distance_text(change.at, session.now), change.set->name,
               to_text(change.entry->cidr), std::string(to_text(change.state)), effect_text(change)});
  }
  session.out << table.to_text();
  return exit_status::done;
}

}  // namespace

void setup_schedule(CLI::App& app, Action& action) {
  set_only_action(
      app, action, schedule,
      "The daemon does all this by itself at the instant: nobody edits at midnight. A date D for `enabled` means D "
      "12:00Z,\n"
      "a date R for `retired` the day before at 10:00Z less the TTL, so that the promise holds in every time zone.\n"
      "\n"
      "Examples:\n"
      "  zone-edit schedule\n"
      "  zone-edit schedule --json | jq -r '.changes[0].at'");
}

}  // namespace dnsd
