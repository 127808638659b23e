// pin: the pinned sets. `list` shows the entries as the ledger has them, with their state now.
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "tools/zone_edit/entry_text.h"
#include "tools/zone_edit/options.h"
#include "tools/zone_edit/table.h"
#include "tools/zone_edit/verbs.h"

namespace dnsd {
namespace {

Json entry_json(const PromisedSet& set, const Promise& promise, Instant now) {
  return {{"id", promise.id},
          {"cidr", to_text(promise.cidr)},
          {"state", to_text(state_at(promise, set.policy_at(now), now))},
          {"facility", promise.facility},
          {"reason", promise.reason},
          {"published_at", to_text(promise.published_at)},
          {"enabled_at", to_text(promise.enabled_at)},
          {"last_answer_at", json_or_null(promise.last_answer_at)},
          {"retired_at", json_or_null(promise.retired_at)},
          {"genesis", promise.genesis},
          {"notice_waived", promise.waived},
          {"addresses", address_texts(promise.addresses)},
          {"standby", address_texts(promise.standby)}};
}

Json set_json(const PinnedSet& asked, const PromisedSet& set, Instant now) {
  Json json = {{"set", set.name}, {"ttl", asked.ttl}, {"notice_seconds", set.policy_at(now).notice.seconds}};
  json["next_change"] = json_or_null(next_feed_change(set, now));
  json["out"] = address_texts(asked.out);
  json["entries"] = Json::array();
  for (const Promise& promise : set.entries) json["entries"].push_back(entry_json(set, promise, now));
  json["clients"] = Json::array();
  for (const PinnedClient& client : asked.clients) {
    Json one = {{"name", client.name}, {"sources", Json::array()}};
    for (const PinnedClient::Source& source : client.sources) one["sources"].push_back(to_text(source.prefix));
    json["clients"].push_back(std::move(one));
  }
  return json;
}

std::string addresses_text(const Promise& promise) {
  std::string text = joined(address_texts(promise.addresses));
  if (!promise.standby.empty())
    text += (text.empty() ? "standby: " : "; standby: ") + joined(address_texts(promise.standby));
  return text;
}

void print_set(const Session& session, const PinnedSet& asked, const PromisedSet& set) {
  const std::optional<Instant> next = next_feed_change(set, session.now);
  const PinnedPolicy& policy = set.policy_at(session.now);
  const size_t answered = addresses_at(set, asked.out, session.now).size();
  session.out << set.name << ": ttl " << asked.ttl << ", notice " << to_text(policy.notice) << ", " << answered
              << (answered == 1 ? " address" : " addresses") << " answered now, "
              << (next ? "changes next at " + to_text(*next) : "nothing is scheduled") << '\n';
  Table table({"ID", "CIDR", "STATE", "FACILITY", "PUBLISHED", "ENABLED", "LAST ANSWER", "RETIRED", "ADDRESSES IN SERVICE"});
  for (const Promise& promise : set.entries) {
    table.add({promise.id, to_text(promise.cidr), std::string(to_text(state_at(promise, policy, session.now))),
               promise.facility, to_text(promise.published_at), to_text(promise.enabled_at),
               text_or_none(promise.last_answer_at), text_or_none(promise.retired_at), addresses_text(promise)});
  }
  session.out << table.to_text(2);
  for (const PinnedClient& client : asked.clients) {
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
  for (const PinnedSet& asked : data->pinned_sets) {
    const PromisedSet* set = data->promised.find(asked.name);
    if (!set || (!only.empty() && set->name != only)) continue;
    if (session.json) {
      json["sets"].push_back(set_json(asked, *set, session.now));
    } else {
      if (!std::exchange(first, false)) session.out << '\n';
      print_set(session, asked, *set);
    }
  }
  if (session.json) print_json(session, json);
  return exit_status::done;
}

void setup_list(CLI::App& app, Action& action) {
  const auto only = std::make_shared<std::string>();
  CLI::App* sub = add_sub_verb(app, "list", "Entries with their state and instants; who gets each set");
  sub->add_option("SET", *only, "Only this set")->type_name("");
  sub->footer(
      "State of an entry: announced (in the feed, not answered yet), standby (allowed, no address of it in service),\n"
      "active (answered), draining (no longer answered, the host must still live), retired, quarantined (retired, and its\n"
      "space may not be listed again yet), cancelled, revoked.\n"
      "All instants are UTC. ENABLED is the first moment an address may be answered, LAST ANSWER the first at which it\n"
      "no longer is, RETIRED when the host may go.\n"
      "\n"
      "Examples:\n"
      "  zone-edit pin list\n"
      "  zone-edit pin list proxy --json");
  sub->callback([&action, only] { action = [only](const Session& session) { return list(session, *only); }; });
}

}  // namespace

void setup_pin(CLI::App& app, Action& action) {
  app.footer("Example: zone-edit pin announce --help");
  setup_list(app, action);
  setup_pin_edits(app, action);
  setup_pin_client(app, action);
  setup_pin_import(app, action);
}

}  // namespace dnsd
