#include "dnsd/config/zone_config.h"
#include "dnsd/pools/client_network.h"
#include "tools/zone_edit/entry_text.h"
#include "tools/zone_edit/explain_output.h"
#include "zones/rdata_text.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

Json set_json(const PinnedSet& asked, const PromisedSet& set, const ExplainQuestion& question) {
  Json json = {{"name", set.name}, {"place", place_text(asked.place)}, {"ttl", asked.ttl}};
  json["next_change"] = json_or_null(next_answer_change(set, question.at));
  json["out"] = address_texts(asked.out);
  json["entries"] = Json::array();
  for (const Promise& promise : set.entries) {
    if (!std::ranges::count(families_of(question.type), promise.cidr.family())) continue;
    const PromiseState state = state_at(promise, set.policy_at(question.at), question.at);
    Json one = {{"id", promise.id}, {"cidr", to_text(promise.cidr)}, {"state", to_text(state)}};
    one["addresses"] = address_texts(promise.addresses);
    one["standby"] = address_texts(promise.standby);
    one["answered"] = state == PromiseState::active;
    one["why"] = entry_reason(set, promise, question.at);
    json["entries"].push_back(std::move(one));
  }
  return json;
}

Json member_json(const MemberFinding& finding) {
  const PoolMember& member = *finding.member;
  return {{"address", to_text(member.address)}, {"state", to_text(member.state)}, {"weight", member.weight},
          {"site", member.site},                {"handed_out", finding.served},   {"answers", finding.answers},
          {"limited", finding.limited},         {"why", finding.reason}};
}

Json pool_json(const NameFinding& finding) {
  const PoolDefinition& pool = *finding.pool;
  Json json = {{"name", pool.name}, {"place", place_text(pool.place)}, {"ttl", pool.ttl}, {"cap", pool.cap}};
  json["rotation"] = pool.rotation;
  if (pool.rotation == "sticky") json["sticky"] = {{"ipv4", pool.sticky.ipv4}, {"ipv6", pool.sticky.ipv6}};
  size_t in_service = 0;
  json["families"] = json["members"] = Json::array();
  for (const RingFinding& ring : finding.rings) {
    in_service += ring.in_service;
    json["families"].push_back({{"family", ring.family == Family::ipv4 ? "ipv4" : "ipv6"},
                                {"in_service", ring.in_service},
                                {"in_an_answer", ring.take},
                                {"answers_in_a_turn", ring.turn},
                                {"exact", ring.exact}});
    for (const MemberFinding& member : ring.members) json["members"].push_back(member_json(member));
  }
  json["in_service"] = in_service;
  return json;
}

Json client_json(const ClientFinding& client, const ExplainQuestion& question) {
  Json json = {{"address", to_text(question.client)}, {"gets_set", client.set != nullptr}};
  json["network"] = to_text(client.network);
  json["by_option"] = client.by_option;
  json["scope"] = client.scope;
  if (!client.option_unused.empty()) json["option_unused"] = client.option_unused;
  json["set"] = client.set ? Json(client.set->name) : Json();
  if (client.source) {
    json["customer"] = client.customer->name;
    json["source"] = to_text(client.source->prefix);
    json["place"] = place_text(client.customer->place_of(*client.source));
  }
  return json;
}

Json finding_json(const NameFinding& finding, const ExplainQuestion& question) {
  Json json = {{"name", to_text(finding.name)}};
  json["zone"] = finding.zone ? Json(to_text(finding.zone->config.origin)) : Json();
  json["match"] = finding.match;
  if (finding.rule) {
    json["rule"] = {{"place", place_text(finding.rule->place)}, {"says", rule_text(*finding.rule)}};
    if (finding.rule->pool) json["rule"]["pool"] = *finding.rule->pool;
    for (const NameRule::Set& set : finding.rule->pinned) json["rule"]["pinned"].push_back(set.name);
  }
  if (!finding.page.empty()) json["page"] = finding.page;
  if (finding.client) json["client"] = client_json(*finding.client, question);
  if (finding.promised) json["set"] = set_json(*finding.set, *finding.promised, question);
  if (finding.pool) json["pool"] = pool_json(finding);
  return json;
}

Json response_json(const Message& response) {
  Json json = {{"rcode", rcode_text(response.rcode)}, {"flags", flag_texts(response)}, {"octets", response.octets}};
  if (response.client_subnet_scope) json["client_subnet_scope"] = *response.client_subnet_scope;
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

}  // namespace

Json to_json(const Explanation& explanation, const ExplainQuestion& question, bool client_given) {
  Json json = {{"question",
                {{"name", to_text(question.name)},
                 {"type", type_text(question.type)},
                 {"client", client_given ? Json(to_text(question.client)) : Json()},
                 {"client_subnet", question.client_subnet ? Json(to_text(*question.client_subnet)) : Json()},
                 {"at", to_text(question.at)}}}};
  json["names"] = Json::array();
  for (const NameFinding& finding : explanation.names) json["names"].push_back(finding_json(finding, question));
  json["response"] = response_json(explanation.response);
  return json;
}

}  // namespace dnsd
