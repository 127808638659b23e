#include <algorithm>

#include "dnsd/config/zone_config.h"
#include "dnsd/pools/client_network.h"
#include "tools/zone_edit/entry_text.h"
#include "tools/zone_edit/explain_output.h"
#include "tools/zone_edit/table.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

std::string_view family_text(Family family) { return family == Family::ipv4 ? "IPv4" : "IPv6"; }

std::string client_text(const ClientFinding& client, const ExplainQuestion& question, bool client_given) {
  std::string text;
  if (!client.option_unused.empty()) text = "EDNS Client Subnet does not count here (" + client.option_unused + "): ";
  if (client.by_option) text += to_text(client.network) + ", named by EDNS Client Subnet,";
  else text += client_given ? to_text(question.client) : "none given, taken as " + to_text(question.client) + ", which";
  if (client.source) {
    text += " is in " + to_text(client.source->prefix) + " of '" + client.customer->name + "' (" +
            place_text(client.customer->place_of(*client.source)) + "): it gets the set '" + client.set->name + "'";
  } else if (client.set) {
    text += " lies in several networks that all have the set '" + client.set->name + "': it gets the set";
  } else {
    text += " is in no network of a set: it gets the pool";
  }
  if (client.scope > client.network.length())
    return text + "; others inside it get something else, so scope /" + std::to_string(client.scope) + " asks for more";
  return text + "; so does all of " + to_text(IpPrefix(client.network.address(), client.scope));
}

std::string next_change_text(const PromisedSet& set, Instant at) {
  const std::optional<Instant> next = next_answer_change(set, at);
  if (!next) return "no change of its answers is scheduled";
  return "answers change next at " + to_text(*next) + " (" + distance_text(*next, at) +
         "), and the TTL never reaches beyond";
}

std::string ring_text(const PoolDefinition& pool, const RingFinding& ring) {
  std::string text = "'" + pool.name + "' (" + place_text(pool.place) + "): " + std::to_string(ring.in_service) + " of " +
                     counted(ring.written, std::string(family_text(ring.family)) + " member") + " in service, ";
  if (ring.in_service == 0) return text + "so there is no such address to answer";
  text += ring.take == ring.in_service ? "all in each answer" : std::to_string(ring.take) + " in an answer";
  return text + " (cap " + std::to_string(pool.cap) + "), rotation " + pool.rotation + ", ttl " + std::to_string(pool.ttl);
}

// What comes next, and when.
std::string window_text(const PoolDefinition& pool, const RingFinding& ring, const ExplainQuestion& question) {
  const std::string kept = "; caches keep an answer for " + std::to_string(pool.ttl) + " s";
  if (ring.turn <= 1) return "every answer has all of them, each time another one first" + kept;
  if (pool.rotation == "sticky") {
    const IpAddress& client = question.client_subnet ? question.client_subnet->address() : question.client;
    return "clients in " + to_text(IpPrefix(client, bits_of(pool.sticky, client.family()))) +
           " always get these, until members change; others get others" + kept;
  }
  const std::string turn = pool.rotation == "random" ? "any of the answers, by chance" :
      counted(ring.turn, "answer") + " are a turn, after which each member was in as many as below";
  return turn + (ring.exact ? "" : ", rounded") + "; the next answer is another one" + kept;
}

std::string how_often(const MemberFinding& member, const RingFinding& ring, const PoolDefinition& pool, bool on_page) {
  if (!member.served) return "no";
  if (on_page) return "yes";
  if (member.answers == ring.turn) return "always";
  const std::string part = std::to_string(member.answers) + " of ";
  if (pool.rotation == "sticky") return "to about " + part + counted(ring.turn, "client");
  return "in " + part + counted(ring.turn, "answer");
}

std::string ring_table(const RingFinding& ring, const PoolDefinition& pool, bool on_page) {
  Table table({"ADDRESS", "STATE", "WEIGHT", "SITE", on_page ? "LISTED" : "HANDED OUT", "WHY"});
  for (const MemberFinding& finding : ring.members) {
    const PoolMember& member = *finding.member;
    table.add({to_text(member.address), std::string(to_text(member.state)), std::to_string(member.weight), member.site,
               how_often(finding, ring, pool, on_page), finding.reason});
  }
  return table.empty() ? std::string() : table.to_text(4);
}

std::string set_table(const PromisedSet& set, Family family, Instant at) {
  Table table({"CIDR", "STATE", "ADDRESSES", "WHY"});
  for (const Promise& promise : set.entries) {
    if (promise.cidr.family() != family) continue;
    table.add({to_text(promise.cidr), std::string(to_text(state_at(promise, set.policy_at(at), at))),
               joined(address_texts(promise.addresses)), entry_reason(set, promise, at)});
  }
  return table.empty() ? std::string() : table.to_text(4);
}

std::string finding_text(const NameFinding& finding, const ExplainQuestion& question, bool client_given) {
  std::string text = to_text(finding.name) + "\n";
  const auto line = [&](const char* what, const std::string& words) { text += "  " + (what + words) + "\n"; };
  line("zone    ", finding.zone ? to_text(finding.zone->config.origin) + " (" + place_text(finding.zone->config.place) + ")"
                                : "none: " + finding.match);
  if (!finding.zone) return text;
  line("match   ", finding.match);
  if (finding.rule) line("rule    ", rule_text(*finding.rule) + " (" + place_text(finding.rule->place) + ")");
  if (!finding.page.empty()) line("page    ", finding.page);
  if (finding.client) line("client  ", client_text(*finding.client, question, client_given));
  if (finding.promised) {
    line("set     ", "'" + finding.set->name + "' (" + place_text(finding.set->place) + "): ttl " +
                         std::to_string(finding.set->ttl) + "; " + next_change_text(*finding.promised, question.at));
    if (!finding.set->out.empty())
      line("out     ", joined(address_texts(finding.set->out)) + ": standbys take their places");
    for (const Family family : families_of(question.type)) text += set_table(*finding.promised, family, question.at);
  }
  for (const RingFinding& ring : finding.rings) {
    if (ring.written == 0 && finding.rings.size() > 1) continue;
    line("pool    ", ring_text(*finding.pool, ring));
    if (ring.in_service > 0 && finding.page.empty()) line("window  ", window_text(*finding.pool, ring, question));
    text += ring_table(ring, *finding.pool, !finding.page.empty());
  }
  return text;
}

}  // namespace

std::string place_text(const Place& place) { return place.file + ":" + std::to_string(place.line); }

std::string rule_text(const NameRule& rule) {
  if (rule.pinned.empty()) return "everybody gets the pool '" + *rule.pool + "'";
  if (!rule.pool) return "everybody gets the pinned set '" + rule.pinned.front().name + "'";
  std::vector<std::string> sets;
  for (const NameRule::Set& set : rule.pinned) sets.push_back("'" + set.name + "'");
  const std::string rest = " get the set, everybody else the pool '" + *rule.pool + "'";
  if (sets.size() == 1) return "clients of the pinned set " + sets.front() + rest;
  return "clients of one of the pinned sets " + joined(sets) + rest;
}

std::string to_text(const Explanation& explanation, const ExplainQuestion& question, bool client_given) {
  std::string text = to_text(question.name) + " " + type_text(question.type) + " at " + to_text(question.at) + "\n\n";
  for (const NameFinding& finding : explanation.names) text += finding_text(finding, question, client_given) + "\n";
  return text + to_text(explanation.response);
}

}  // namespace dnsd
