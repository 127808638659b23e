#include "tools/zone_edit/simulate_report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "base/text.h"
#include "tools/zone_edit/numbers.h"
#include "tools/zone_edit/table.h"

namespace dnsd {
namespace {

constexpr size_t most_rows = 40;
constexpr double far_off = 1.5;  // load over share that deserves a word

std::string_view family_text(Family family) { return family == Family::ipv4 ? "IPv4" : "IPv6"; }

std::string fixed(double x, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, x);
  return text;
}

// Enough digits to tell shares of so many members apart.
std::string share_text(double share, size_t members) {
  const int digits = std::max(2, static_cast<int>(std::ceil(std::log10(static_cast<double>(members)))));
  return fixed(share * 100, digits) + "%";
}

// "0", "0.4%", "12%"
std::string deviation_text(double part) {
  if (part == 0) return "0";
  return fixed(part * 100, part < 0.001 ? 4 : part < 0.1 ? 2 : 0) + "%";
}

std::string hours_text(double h) {
  std::string text = fixed(h, 2);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text + (h == 1 ? " hour" : " hours");
}

double load_ratio(const MemberResult& member) { return member.load_any / member.exact; }

// Places of the members to show: all, in order; of a big pool those with the most and the least load, busiest first.
struct Shown {
  std::vector<size_t> members;
  size_t left_out = 0;  // between the two halves
};

Shown shown_of(const RingResult& ring) {
  Shown shown;
  shown.members.resize(ring.members.size());
  std::iota(shown.members.begin(), shown.members.end(), size_t{0});
  if (shown.members.size() <= most_rows) return shown;
  std::ranges::stable_sort(
      shown.members, [&](size_t a, size_t b) { return load_ratio(ring.members[a]) > load_ratio(ring.members[b]); });
  constexpr size_t half = (most_rows - 1) / 2;
  shown.left_out = shown.members.size() - 2 * half;
  shown.members.erase(shown.members.begin() + half, shown.members.end() - half);
  return shown;
}

std::string member_table(const RingResult& ring, const Shown& shown) {
  const size_t n = ring.members.size();
  Table table({"ADDRESS", "SITE", "WEIGHT", "EXACT", "HANDED OUT", "FIRST", "LOAD ANY", "LOAD FIRST"});
  for (const size_t i : shown.members) {
    const MemberResult& m = ring.members[i];
    table.add({to_text(m.address), m.site, std::to_string(m.weight) + (m.limited ? " (limited)" : ""),
               share_text(m.exact, n), share_text(m.handed_out, n), share_text(m.first, n), share_text(m.load_any, n),
               share_text(m.load_first, n)});
  }
  std::string text = table.to_text(2);
  if (shown.left_out == 0) return text;
  size_t at = 0;
  for (size_t lines = 1 + shown.members.size() / 2; lines > 0; --lines) at = text.find('\n', at) + 1;
  return text.insert(at, "  (" + grouped(shown.left_out) + " more)\n");
}

std::string load_chart(const RingResult& ring, const Shown& shown, const ChartStyle& style) {
  std::vector<Bar> bars;
  for (const size_t i : shown.members) {
    const MemberResult& m = ring.members[i];
    bars.push_back({to_text(m.address), m.load_any, m.exact, share_text(m.load_any, ring.members.size())});
  }
  return std::string("  share of the load (LOAD ANY), ") + (style.unicode ? "│" : "|") + " the exact share\n" +
         bar_chart(bars, style, 2);
}

std::string site_table(const RingResult& ring) {
  if (ring.sites.size() == 1 && ring.sites.front().name.empty()) return {};
  Table table({"SITE", "MEMBERS", "EXACT", "HANDED OUT", "IN ONE ANSWER"});
  for (const SiteResult& site : ring.sites) {
    const std::string range = site.least == site.most
                                  ? std::to_string(site.least)
                                  : std::to_string(site.least) + " to " + std::to_string(site.most);
    table.add(
        {site.name, std::to_string(site.members), share_text(site.exact, 1), share_text(site.handed_out, 1), range});
  }
  return table.to_text(2) + "\n";
}

std::string load_text(const RingResult& ring, const LoadRange& range) {
  return "busiest " + to_text(ring.members[range.busiest].address) + " with " + fixed(range.most, 3) +
         " of its share, idlest " + to_text(ring.members[range.idlest].address) + " with " + fixed(range.least, 3);
}

std::string churn_text(const Churn& churn, bool by_client) {
  if (churn.removed == 0) return "no member of this family";
  const auto per_cent = [](double part) { return fixed(part * 100, 2) + "%"; };
  const std::string mean = "; cap/n is " + per_cent(churn.cap_over_n);
  if (!by_client) return per_cent(churn.changed) + " of the answers held what is removed" + mean;
  return per_cent(churn.changed) + " of the clients get another answer, " + per_cent(churn.had_removed) +
         " held what is removed" + mean + "; " + fixed(churn.replaced, 2) + " members of an answer are replaced";
}

Table findings(const SimulationReport& report, const RingResult& ring) {
  const bool by_client = knows_clients(find_policy(report.pool.rotation).value_or(0));
  Table table;
  const uint32_t workers = report.settings.workers * report.settings.servers;
  std::string over = " over a query of each of " + grouped(ring.answers) + " clients";
  if (!by_client)
    over = " over " + grouped(ring.answers) + " answers, " + deviation_text(ring.deviation_one_turn) +
           " after one turn of " + counted(workers, "worker");
  table.add({"handed out", "largest deviation from the exact share " + deviation_text(ring.deviation) + over});
  table.add({"load any", load_text(ring, ring.any)});
  table.add({"load first", load_text(ring, ring.first)});
  const SeenAll& seen = ring.seen_all;
  table.add({"all seen", "after " + fixed(seen.mean, 1) + " answers of one worker" +
                             std::string(by_client ? " to different clients" : "") + " on average, " +
                             grouped(seen.worst) + " at worst, from " + grouped(seen.starts) + " starts" +
                             (seen.complete ? "" : "; some saw no end")});
  if (ring.churn) table.add({"removed", churn_text(*ring.churn, by_client)});
  return table;
}

std::string in_answer_text(const RingResult& ring, const PoolDefinition& pool) {
  const auto all = static_cast<size_t>(
      std::ranges::count_if(pool.members, [&](const PoolMember& m) { return m.address.family() == ring.family; }));
  return std::string(family_text(ring.family)) + ": " + std::to_string(ring.members.size()) + " of " +
         counted(all, "member") + " in service, " + std::to_string(ring.take) + " in an answer, " +
         counted(ring.turn, "different answer");
}

void remark_weights(const RingResult& ring, std::vector<std::string>& out) {
  const size_t n = ring.members.size();
  for (const MemberResult& m : ring.members) {
    if (ring.take == n || !m.in_each) continue;
    const std::string who = to_text(m.address) + " (weight " + std::to_string(m.weight) + ") stands in every answer";
    if (!m.limited) {
      out.push_back(who);
    } else {
      out.push_back(who + ", which gives it " + share_text(m.exact, n) + "; its weight asks for " +
                    share_text(m.by_weight, n) + ", more than one place of " + std::to_string(ring.take));
    }
  }
  if (!ring.exact)
    out.push_back("a turn in which these weights come out whole would be too long: shares are off by up to " +
                  deviation_text(ring.deviation_one_turn));
}

// How far from its share the member with the smallest one may be where answers are drawn: five standard deviations.
double deviation_by_chance(const RingResult& ring) {
  double least = 1;
  for (const MemberResult& m : ring.members) least = std::min(least, m.exact);
  return 5 / std::sqrt(static_cast<double>(ring.answers * ring.take) * least);
}

}  // namespace

std::vector<std::string> remarks(const SimulationReport& report, const RingResult& ring) {
  std::vector<std::string> out;
  const size_t n = ring.members.size();
  if (ring.take == n) {
    out.push_back(n == 1 ? "there is one member to answer with"
                         : "all " + std::to_string(n) + " members stand in every answer");
    return out;
  }
  remark_weights(ring, out);
  if (const double chance = deviation_by_chance(ring); ring.exact && ring.deviation > chance + 0.1)
    out.push_back("what is handed out is off by up to " + deviation_text(ring.deviation) +
                  " of a member's share, where chance explains " + deviation_text(chance));
  if (ring.any.most >= far_off) {
    std::string why = "; " + counted(report.settings.resolvers, "resolver") + " that keep an answer for " +
                      counted(report.pool.ttl, "second") + " make few draws in so short a time";
    if (knows_clients(find_policy(report.pool.rotation).value_or(0)))
      why = "; each of the " + counted(report.settings.resolvers, "resolver") +
            " always has the same members, and few of them have most of the clients";
    out.push_back(to_text(ring.members[ring.any.busiest].address) + " has " + fixed(ring.any.most, 1) +
                  " times its share of the load" + why);
  }
  return out;
}

std::string simulation_text(const SimulationReport& report, const ChartStyle& style) {
  const PoolDefinition& pool = report.pool;
  const SimulationSettings& s = report.settings;
  std::string text = pool.name + " in " + report.zone + ": rotation " + pool.rotation + ", cap " +
                     std::to_string(pool.cap) + ", ttl " + std::to_string(pool.ttl) + "\n" +
                     counted(s.servers, "server") + " of " + counted(s.workers, "worker") + "; " +
                     grouped(s.resolvers) + (s.resolvers == 1 ? " resolver" : " resolvers") + " with " +
                     grouped(s.queries) + " queries of clients in " + hours_text(s.hours) + "; seed " +
                     std::to_string(s.seed) + "\n";
  for (const RingResult& ring : report.rings) {
    const Shown shown = shown_of(ring);
    text += "\n" + in_answer_text(ring, pool) + "\n\n" + member_table(ring, shown) + "\n" +
            load_chart(ring, shown, style) + "\n" + site_table(ring) + findings(report, ring).to_text(2);
    for (const std::string& remark : remarks(report, ring)) text += "  note: " + remark + "\n";
  }
  return text;
}

}  // namespace dnsd
