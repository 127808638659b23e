// explain: what would be answered, and why.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "dnsd/config/zone_config.h"
#include "dnsd/pools/in_service.h"
#include "pinned_ips/timeline.h"
#include "tools/zone_edit/entry_text.h"
#include "tools/zone_edit/explain.h"
#include "tools/zone_edit/options.h"
#include "tools/zone_edit/table.h"
#include "tools/zone_edit/verbs.h"
#include "zones/rdata_text.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

struct Options {
  std::string name;
  std::string type;
  std::optional<IpAddress> client;
  std::optional<Instant> at;
};

std::string at_text(const Place& place) { return place.file + ":" + std::to_string(place.line); }

Family family_of(uint16_t type) { return type == rr_type::AAAA ? Family::ipv6 : Family::ipv4; }
std::string_view family_text(Family family) { return family == Family::ipv4 ? "IPv4" : "IPv6"; }

// ---- what the findings are in words ------------------------------------------------------------------------

std::string rule_text(const NameRule& rule) {
  if (rule.pinned.empty()) return "everybody gets the pool '" + *rule.pool + "'";
  if (!rule.pool) return "everybody gets the pinned set '" + rule.pinned.front().name + "'";
  std::vector<std::string> sets;
  for (const NameRule::Set& set : rule.pinned) sets.push_back("'" + set.name + "'");
  return "clients of the pinned set " + joined(sets) + " get the set, everybody else the pool '" + *rule.pool + "'";
}

std::string audience_text(const AudienceFinding& audience, const NameFinding& finding, const Options& options,
                          const IpAddress& client) {
  const std::string who = options.client ? to_text(client) : "none given, taken as " + to_text(client) + ", which";
  const std::string gets = audience.gets_set ? "it gets the set" : "it gets the pool";
  if (!audience.source) return who + " is in no network of the set '" + finding.rule->pinned.front().name + "': " + gets;
  return who + " is in " + to_text(audience.source->prefix) + " of '" + audience.customer->name + "' (" +
         at_text(audience.customer->place_of(*audience.source)) + "): " + gets;
}

std::string next_change_text(const PinnedSet& set, Instant at) {
  const std::optional<Instant> next = next_answer_change(set, at);
  if (!next) return "no change of its answers is scheduled";
  return "answers change next at " + to_text(*next) + " (" + distance_text(*next, at) +
         "), and the TTL never reaches beyond";
}

struct PoolCounts {
  size_t members = 0;
  size_t in_service = 0;
};

PoolCounts counts_of(const PoolDefinition& pool, Family family) {
  const auto members =
      std::ranges::count_if(pool.members, [&](const PoolMember& m) { return m.address.family() == family; });
  return {static_cast<size_t>(members), ring_order(pool, family).size()};
}

std::string pool_text(const PoolDefinition& pool, Family family) {
  const PoolCounts counts = counts_of(pool, family);
  std::string text = "'" + pool.name + "' (" + at_text(pool.place) + "): " + std::to_string(counts.in_service) +
                     " of " + counted(counts.members, std::string(family_text(family)) + " member") + " in service, ";
  if (counts.in_service == 0) return text + "so there is no such address to answer";
  const size_t take = std::min<size_t>(pool.cap, counts.in_service);
  text += take == counts.in_service ? "all in each answer" : std::to_string(take) + " in an answer";
  text += " (cap " + std::to_string(pool.cap) + "), rotation " + pool.rotation + ", ttl " + std::to_string(pool.ttl);
  if (take < counts.in_service) text += "; below is one of the answers";
  return text;
}

// ---- for people --------------------------------------------------------------------------------------------

std::string pool_table(const PoolDefinition& pool, Family family) {
  const std::vector<MemberVerdict> verdicts = in_service(pool);
  Table table({"ADDRESS", "STATE", "SITE", "HANDED OUT", "WHY"});
  for (size_t i = 0; i < pool.members.size(); ++i) {
    const PoolMember& member = pool.members[i];
    if (member.address.family() != family) continue;
    table.add({to_text(member.address), std::string(to_text(member.state)), member.site,
               verdicts[i].served ? "yes" : "no", std::string(verdicts[i].reason)});
  }
  return table.empty() ? std::string() : table.to_text(4);
}

std::string set_table(const PinnedSet& set, Family family, Instant at) {
  Table table({"CIDR", "STATE", "ADDRESSES", "WHY"});
  for (const PinnedEntry& entry : set.entries) {
    if (entry.cidr.family() != family) continue;
    table.add({to_text(entry.cidr), std::string(to_text(state_at(entry, set.ttl, at))), joined(address_texts(entry)),
               entry_reason(set, entry, at)});
  }
  return table.empty() ? std::string() : table.to_text(4);
}

void print_finding(const Session& session, const NameFinding& finding, const ExplainQuestion& question,
                   const Options& options) {
  const Family family = family_of(question.type);
  const auto line = [&](const char* what, const std::string& text) { session.out << "  " << what << text << '\n'; };
  session.out << to_text(finding.name) << '\n';
  line("zone    ", finding.zone
                       ? to_text(finding.zone->config.origin) + " (" + at_text(finding.zone->config.place) + ")"
                       : "none: " + finding.match);
  if (!finding.zone) return;
  line("match   ", finding.match);
  if (finding.rule) line("rule    ", rule_text(*finding.rule) + " (" + at_text(finding.rule->place) + ")");
  if (finding.audience) line("client  ", audience_text(*finding.audience, finding, options, question.client));
  if (finding.set) {
    line("set     ", "'" + finding.set->name + "' (" + at_text(finding.set->place) + "): ttl " +
                         std::to_string(finding.set->ttl) + "; " + next_change_text(*finding.set, question.at));
    session.out << set_table(*finding.set, family, question.at);
  }
  if (finding.pool) {
    line("pool    ", pool_text(*finding.pool, family));
    session.out << pool_table(*finding.pool, family);
  }
}

void print_explanation(const Session& session, const Explanation& explanation, const ExplainQuestion& question,
                       const Options& options) {
  session.out << to_text(question.name) << " " << type_text(question.type) << " at " << to_text(question.at)
              << "\n\n";
  for (const NameFinding& finding : explanation.names) {
    print_finding(session, finding, question, options);
    session.out << '\n';
  }
  session.out << to_text(explanation.response);
}

// ---- for scripts -------------------------------------------------------------------------------------------

Json set_json(const PinnedSet& set, Family family, Instant at) {
  Json json = {{"name", set.name}, {"place", at_text(set.place)}, {"ttl", set.ttl}};
  json["next_change"] = json_or_null(next_answer_change(set, at));
  json["entries"] = Json::array();
  for (const PinnedEntry& entry : set.entries) {
    if (entry.cidr.family() != family) continue;
    Json one = {{"cidr", to_text(entry.cidr)}, {"state", to_text(state_at(entry, set.ttl, at))}};
    one["addresses"] = address_texts(entry);
    one["answered"] = state_at(entry, set.ttl, at) == EntryState::active;
    one["why"] = entry_reason(set, entry, at);
    json["entries"].push_back(std::move(one));
  }
  return json;
}

Json pool_json(const PoolDefinition& pool, Family family) {
  Json json = {{"name", pool.name}, {"place", at_text(pool.place)}, {"ttl", pool.ttl}, {"cap", pool.cap}};
  json["rotation"] = pool.rotation;
  json["in_service"] = counts_of(pool, family).in_service;
  json["members"] = Json::array();
  const std::vector<MemberVerdict> verdicts = in_service(pool);
  for (size_t i = 0; i < pool.members.size(); ++i) {
    const PoolMember& member = pool.members[i];
    if (member.address.family() != family) continue;
    json["members"].push_back({{"address", to_text(member.address)},
                               {"state", to_text(member.state)},
                               {"site", member.site},
                               {"handed_out", verdicts[i].served},
                               {"why", verdicts[i].reason}});
  }
  return json;
}

Json finding_json(const NameFinding& finding, const ExplainQuestion& question) {
  const Family family = family_of(question.type);
  Json json = {{"name", to_text(finding.name)}};
  json["zone"] = finding.zone ? Json(to_text(finding.zone->config.origin)) : Json();
  json["match"] = finding.match;
  if (finding.rule) {
    json["rule"] = {{"place", at_text(finding.rule->place)}, {"says", rule_text(*finding.rule)}};
    if (finding.rule->pool) json["rule"]["pool"] = *finding.rule->pool;
    for (const NameRule::Set& set : finding.rule->pinned) json["rule"]["pinned"].push_back(set.name);
  }
  if (finding.audience) {
    Json& client = json["client"] = {{"address", to_text(question.client)}, {"gets_set", finding.audience->gets_set}};
    if (finding.audience->source) {
      client["customer"] = finding.audience->customer->name;
      client["source"] = to_text(finding.audience->source->prefix);
    }
  }
  if (finding.set) json["set"] = set_json(*finding.set, family, question.at);
  if (finding.pool) json["pool"] = pool_json(*finding.pool, family);
  return json;
}

Json response_json(const Message& response) {
  Json json = {{"rcode", rcode_text(response.rcode)}, {"flags", flag_texts(response)}, {"octets", response.octets}};
  const char* const names[] = {"answer", "authority", "additional"};
  for (size_t i = 0; i < 3; ++i) {
    json[names[i]] = Json::array();
    for (const MessageRecord& r : response.sections[i]) {
      json[names[i]].push_back({{"name", to_text(r.owner)},
                                {"ttl", r.ttl},
                                {"type", type_text(r.type)},
                                {"rdata", rdata_to_text(r.type, r.rdata)}});
    }
  }
  return json;
}

int run_explain(const Session& session, const Options& options) {
  const std::optional<DataDirectory> data = load_or_refuse(session);
  if (!data) return exit_status::refused;
  // What cannot be parsed was a usage error.
  const ExplainQuestion question{*Name::parse(options.name), *parse_type(options.type),
                                 options.client.value_or(IpAddress()), options.at.value_or(session.now)};
  const Result<Explanation> explanation = explain(*data, question);
  if (!explanation) return refuse(session, explanation.failure().message);
  if (!session.json) {
    print_explanation(session, *explanation, question, options);
    return exit_status::done;
  }
  Json json = {{"question",
                {{"name", to_text(question.name)},
                 {"type", type_text(question.type)},
                 {"client", options.client ? Json(to_text(question.client)) : Json()},
                 {"at", to_text(question.at)}}}};
  json["names"] = Json::array();
  for (const NameFinding& finding : explanation->names) json["names"].push_back(finding_json(finding, question));
  json["response"] = response_json(explanation->response);
  print_json(session, json);
  return exit_status::done;
}

}  // namespace

void setup_explain(CLI::App& app, Action& action) {
  const auto options = std::make_shared<Options>();
  add_name(app, "NAME", options->name, "A domain name, with or without the final dot")->required();
  add_type(app, "TYPE", options->type, "A, AAAA, MX, …, or TYPE65280")->required();
  add_address(app, "--client", options->client, "The address that asks");
  add_instant(app, "--at", options->at, "At this moment, by the files of today");
  app.footer(
      "Asks the very function that answers queries, on the files as they are now, and shows what led to the answer: "
      "the\n"
      "zone, what matched, the rule, which network of which customer the client is in, every member of the pool or "
      "entry\n"
      "of the pinned set with the reason why it is handed out or not, and the answer itself. No daemon is needed.\n"
      "\n"
      "Examples:\n"
      "  zone-edit explain us-street.api.example.com A\n"
      "  zone-edit explain us-street.api.example.com A --client 198.18.5.7\n"
      "  zone-edit explain proxy.api.example.com AAAA --at 2026-12-24T12:00:00Z");
  app.callback([&action, options] { action = [options](const Session& s) { return run_explain(s, *options); }; });
}

}  // namespace dnsd
