// The findings of a simulation for other programs: JSON and a picture.
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "tools/zone_edit/simulate_report.h"
#include "tools/zone_edit/svg_chart.h"

namespace dnsd {
namespace {

using Json = nlohmann::ordered_json;

std::string_view family_text(Family family) { return family == Family::ipv4 ? "ipv4" : "ipv6"; }

// To nine digits behind the point: the same text from every compiler.
double rounded(double x) { return std::round(x * 1e9) / 1e9; }

Json member_json(const MemberResult& m) {
  return {{"address", to_text(m.address)},
          {"site", m.site},
          {"weight", m.weight},
          {"limited", m.limited},
          {"in_each_answer", m.in_each},
          {"share_by_weight", rounded(m.by_weight)},
          {"share_exact", rounded(m.exact)},
          {"share_handed_out", rounded(m.handed_out)},
          {"share_first", rounded(m.first)},
          {"load_any", rounded(m.load_any)},
          {"load_first", rounded(m.load_first)}};
}

Json range_json(const RingResult& ring, const LoadRange& range) {
  return {{"busiest", to_text(ring.members[range.busiest].address)},
          {"busiest_to_share", rounded(range.most)},
          {"idlest", to_text(ring.members[range.idlest].address)},
          {"idlest_to_share", rounded(range.least)}};
}

Json ring_json(const SimulationReport& report, const RingResult& ring) {
  Json json = {{"family", family_text(ring.family)},
               {"in_service", ring.members.size()},
               {"in_an_answer", ring.take},
               {"different_answers", ring.turn},
               {"weights_exact", ring.exact},
               {"answers_counted", ring.answers},
               {"largest_deviation_after_one_turn", rounded(ring.deviation_one_turn)},
               {"largest_deviation", rounded(ring.deviation)}};
  json["load"] = {{"any", range_json(ring, ring.any)}, {"first", range_json(ring, ring.first)}};
  json["answers_to_see_all"] = {{"mean", rounded(ring.seen_all.mean)},
                                {"worst", ring.seen_all.worst},
                                {"starts", ring.seen_all.starts},
                                {"complete", ring.seen_all.complete}};
  if (ring.churn) {
    json["removed"] = {{"members", ring.churn->removed},
                       {"changed", rounded(ring.churn->changed)},
                       {"held_removed", rounded(ring.churn->had_removed)},
                       {"cap_over_n", rounded(ring.churn->cap_over_n)},
                       {"members_replaced", rounded(ring.churn->replaced)}};
  }
  json["members"] = Json::array();
  for (const MemberResult& member : ring.members) json["members"].push_back(member_json(member));
  json["sites"] = Json::array();
  for (const SiteResult& site : ring.sites) {
    json["sites"].push_back({{"site", site.name},
                             {"members", site.members},
                             {"share_exact", rounded(site.exact)},
                             {"share_handed_out", rounded(site.handed_out)},
                             {"least_in_an_answer", site.least},
                             {"most_in_an_answer", site.most}});
  }
  json["notes"] = remarks(report, ring);
  return json;
}

}  // namespace

Json simulation_json(const SimulationReport& report) {
  const SimulationSettings& s = report.settings;
  Json json = {{"pool", report.pool.name},
               {"zone", report.zone},
               {"rotation", report.pool.rotation},
               {"cap", report.pool.cap},
               {"ttl", report.pool.ttl}};
  json["settings"] = {{"queries", s.queries}, {"resolvers", s.resolvers}, {"clients", s.clients}, {"seed", s.seed},
                      {"hours", s.hours},     {"workers", s.workers},     {"servers", s.servers}};
  json["families"] = Json::array();
  for (const RingResult& ring : report.rings) json["families"].push_back(ring_json(report, ring));
  return json;
}

std::string simulation_svg(const SimulationReport& report) {
  const SimulationSettings& s = report.settings;
  SvgChart chart;
  chart.title = "Shares of the pool " + report.pool.name + " in " + report.zone;
  chart.subtitle = "rotation " + report.pool.rotation + ", cap " + std::to_string(report.pool.cap) + ", ttl " +
                   std::to_string(report.pool.ttl) + "; " + counted(s.servers, "server") + " of " +
                   counted(s.workers, "worker") + ", " + counted(s.resolvers, "resolver") + ", seed " +
                   std::to_string(s.seed);
  chart.value_name = "handed out";
  chart.mark_name = "exact share";
  chart.dot_name = "load over the time, any address used";
  for (const RingResult& ring : report.rings) {
    char busiest[32];
    std::snprintf(busiest, sizeof busiest, "%.3f", ring.any.most);
    SvgSection& section = chart.sections.emplace_back();
    section.title = std::string(ring.family == Family::ipv4 ? "IPv4" : "IPv6") + ": " +
                    counted(ring.members.size(), "member") + ", " + std::to_string(ring.take) +
                    " in an answer; the busiest has " + busiest + " of its share of the load";
    for (const MemberResult& m : ring.members)
      section.bars.push_back(
          {to_text(m.address), m.site.empty() ? "no site" : m.site, m.handed_out, m.exact, m.load_any});
  }
  return to_svg(chart);
}

}  // namespace dnsd
