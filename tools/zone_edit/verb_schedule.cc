// schedule: the coming changes of all pinned sets.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "tools/zone_edit/entry_text.h"
#include "tools/zone_edit/table.h"
#include "tools/zone_edit/verbs.h"

namespace dnsd {
namespace {

struct Change {
  Instant at;
  const PromisedSet* set;
  const Promise* promise;
  PromiseState state;  // from then on
};

void add_changes(const PromisedSet& set, const Promise& promise, Instant now, std::vector<Change>& changes) {
  const PinnedPolicy& policy = set.policy_at(now);
  const auto add = [&](const std::optional<Instant>& at) {
    if (at && *at > now && state_at(promise, policy, *at) != state_at(promise, policy, *at - Duration{1}))
      changes.push_back({*at, &set, &promise, state_at(promise, policy, *at)});
  };
  add(promise.enabled_at);
  add(promise.last_answer_at);
  add(promise.retired_at);
}

std::vector<Change> coming_changes(const DataDirectory& data, Instant now) {
  std::vector<Change> changes;
  for (const PromisedSet& set : data.promised.sets)
    for (const Promise& promise : set.entries) add_changes(set, promise, now, changes);
  std::ranges::stable_sort(changes, {}, &Change::at);
  return changes;
}

std::string effect_text(const Change& change) {
  const std::string addresses = joined(address_texts(change.promise->addresses));
  switch (change.state) {
    case PromiseState::standby: return "may be answered; no address of it is in service yet";
    case PromiseState::active: return addresses + " answered from then on";
    case PromiseState::draining:
      return (addresses.empty() ? "it is" : addresses) + " no longer answered; hosts must still live";
    case PromiseState::retired: return "hosts may go";
    case PromiseState::announced:
    case PromiseState::quarantined:
    case PromiseState::cancelled:
    case PromiseState::revoked: break;
  }
  return {};
}

Json change_json(const Change& change, Instant now) {
  return {{"at", to_text(change.at)},
          {"in_seconds", (change.at - now).seconds},
          {"set", change.set->name},
          {"cidr", to_text(change.promise->cidr)},
          {"facility", change.promise->facility},
          {"state", to_text(change.state)},
          {"addresses", address_texts(change.promise->addresses)},
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
               to_text(change.promise->cidr), std::string(to_text(change.state)), effect_text(change)});
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
