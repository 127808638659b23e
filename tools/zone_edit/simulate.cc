#include "tools/zone_edit/simulate.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "tools/zone_edit/fleet.h"
#include "tools/zone_edit/load_model.h"

namespace dnsd {
namespace {

// How long the search for the last member may take, and how often it is begun.
constexpr uint64_t most_answers_seen = 1'000'000;
constexpr uint32_t most_starts = 1000, fewest_starts = 5;
// Turns beyond the first are counted only as far as this.
constexpr uint64_t most_answers_counted = 8'000'000;

double part(double count, double total) { return total > 0 ? count / total : 0; }

class RingSimulation {
 public:
  RingSimulation(const PoolDefinition& definition, const CompiledPool& pool, Family family,
                 const SimulationSettings& settings)
      : definition_(definition),
        pool_(pool),
        ring_(pool.rings[static_cast<size_t>(family)]),
        settings_(settings),
        workers_(settings.workers * settings.servers) {
    result_.family = family;
    result_.take = ring_.list.take;
    result_.turn = ring_.list.rows;
  }

  RingResult run(const CompiledPool* remaining) {
    describe_members();
    count_answers();
    describe_sites();
    measure_load();
    see_all();
    if (remaining) compare(*remaining);
    return std::move(result_);
  }

 private:
  size_t size() const { return ring_.members.size(); }

  void describe_members() {
    std::map<IpAddress, const PoolMember*> written;
    for (const PoolMember& member : definition_.members) written[member.address] = &member;
    std::vector<uint32_t> weights;
    for (const RingMember& member : ring_.members) weights.push_back(member.weight);
    shares_ = shares_of(weights, pool_.cap);
    result_.exact = shares_.exact;
    double weight = 0, weight_of_others = 0;
    uint32_t places_of_others = shares_.take;
    const auto in_each = [&](size_t i) { return shares_.limited[i] || shares_.counts[i] == shares_.answers; };
    for (size_t i = 0; i < size(); ++i) {
      weight += weights[i];
      if (in_each(i))
        --places_of_others;
      else
        weight_of_others += weights[i];
    }
    for (size_t i = 0; i < size(); ++i) {
      MemberResult& member = result_.members.emplace_back();
      member.address = ring_.members[i].address;
      member.site = written.at(member.address)->site;
      member.weight = weights[i];
      member.limited = shares_.limited[i];
      member.in_each = in_each(i);
      member.by_weight = weights[i] / weight;
      member.exact = (member.in_each ? 1 : places_of_others * weights[i] / weight_of_others) / shares_.take;
    }
  }

  // Whole turns of every worker, in which each answer comes once; policies that know clients have no turns: one
  // answer for each client.
  void count_answers() {
    handed_out_.assign(size(), 0);
    first_.assign(size(), 0);
    Fleet fleet(pool_, result_.family, workers_, settings_.seed);
    const ClientNetworks clients(pool_.network, settings_.seed);
    uint32_t client = 0;
    const auto ask = [&](uint32_t worker) {
      const std::span<const uint16_t> answer = fleet.ask(worker, clients.at(client++));
      ++first_[answer.front()];
      for (const uint16_t member : answer) ++handed_out_[member];
      ++result_.answers;
    };
    if (knows_clients(pool_.policy)) {
      while (client < settings_.clients) ask(client % workers_);
      result_.deviation = result_.deviation_one_turn = deviation();
    } else {
      const uint64_t turn = uint64_t{result_.turn} * workers_;
      for (uint64_t turns = 0;;) {
        for (uint32_t worker = 0; worker < workers_; ++worker)
          for (uint32_t i = 0; i < result_.turn; ++i) ask(worker);
        if (++turns == 1) result_.deviation_one_turn = deviation();
        // After so many turns as there are places in an answer each member has come first as often as it shall.
        if (turns % result_.take == 0 && result_.answers >= settings_.clients) break;
        if (result_.answers + turn > most_answers_counted) break;
      }
      result_.deviation = deviation();
    }
    for (size_t i = 0; i < size(); ++i) {
      result_.members[i].handed_out =
          part(static_cast<double>(handed_out_[i]), static_cast<double>(result_.answers * result_.take));
      result_.members[i].first = part(static_cast<double>(first_[i]), static_cast<double>(result_.answers));
    }
  }

  // In whole numbers where shares are: then 0 is 0.
  double deviation() const {
    double most = 0;
    for (size_t i = 0; i < size(); ++i) {
      if (shares_.exact) {
        const auto expected = static_cast<int64_t>(result_.answers * shares_.counts[i]);
        const auto got = static_cast<int64_t>(handed_out_[i] * shares_.answers);
        most = std::max(most, static_cast<double>(std::abs(got - expected)) / static_cast<double>(expected));
      } else {
        const double expected = result_.members[i].exact * static_cast<double>(result_.answers * result_.take);
        most = std::max(most, std::abs(static_cast<double>(handed_out_[i]) - expected) / expected);
      }
    }
    return most;
  }

  void describe_sites() {
    std::map<std::string, size_t> numbers;
    std::vector<size_t> site_of;
    for (const MemberResult& member : result_.members) {
      const auto [number, fresh] = numbers.try_emplace(member.site, numbers.size());
      if (fresh) result_.sites.push_back({.name = member.site, .least = result_.take});
      site_of.push_back(number->second);
      SiteResult& site = result_.sites[number->second];
      ++site.members;
      site.exact += member.exact;
      site.handed_out += member.handed_out;
    }
    std::vector<uint32_t> count(result_.sites.size());
    for (uint32_t row = 0; row < ring_.list.rows; ++row) {
      std::ranges::fill(count, 0u);
      for (uint32_t i = 0; i < result_.take; ++i) ++count[site_of[ring_.list.row(row)[i]]];
      for (size_t s = 0; s < count.size(); ++s) {
        result_.sites[s].least = std::min(result_.sites[s].least, count[s]);
        result_.sites[s].most = std::max(result_.sites[s].most, count[s]);
      }
    }
  }

  void measure_load() {
    const Load load = simulate_load(pool_, result_.family, settings_);
    const double total = std::accumulate(load.first.begin(), load.first.end(), 0.0);
    for (size_t i = 0; i < size(); ++i) {
      result_.members[i].load_any = part(load.any[i], total);
      result_.members[i].load_first = part(load.first[i], total);
    }
    result_.any = range_of(&MemberResult::load_any);
    result_.first = range_of(&MemberResult::load_first);
  }

  LoadRange range_of(double MemberResult::*load) const {
    const auto ratio = [&](size_t i) { return result_.members[i].*load / result_.members[i].exact; };
    LoadRange range{ratio(0), ratio(0), 0, 0};
    for (size_t i = 1; i < size(); ++i) {
      if (ratio(i) > range.most) range.most = ratio(range.busiest = i);
      if (ratio(i) < range.least) range.least = ratio(range.idlest = i);
    }
    return range;
  }

  // One worker that goes on for ever, looked at from some of its answers on.
  void see_all() {
    Fleet fleet(pool_, result_.family, 1, mix(settings_.seed));
    const ClientNetworks clients(pool_.network, settings_.seed + 1);
    Random random(settings_.seed);
    SeenAll& seen = result_.seen_all;
    const uint64_t limit = uint64_t{result_.turn} * 64 + 1000;
    std::vector<uint32_t> last_seen(size(), 0);
    uint32_t client = 0;
    uint64_t total = 0, all = 0;
    while (seen.starts < most_starts && (seen.starts < fewest_starts || all < most_answers_seen)) {
      // Who asks for different clients is nowhere in a turn.
      const uint32_t skipped = knows_clients(pool_.policy) ? 0 : random.below(result_.turn);
      for (uint32_t i = 0; i < skipped; ++i, ++all) fleet.ask(0, clients.at(client++));
      ++seen.starts;
      uint64_t answers = 0;
      for (size_t missing = size(); missing > 0 && answers < limit; ++answers) {
        for (const uint16_t member : fleet.ask(0, clients.at(client++))) {
          if (last_seen[member] == seen.starts) continue;
          last_seen[member] = seen.starts;
          --missing;
        }
        if (missing > 0 && answers + 1 == limit) seen.complete = false;
      }
      total += answers;
      all += answers;
      seen.worst = std::max(seen.worst, answers);
    }
    seen.mean = static_cast<double>(total) / seen.starts;
  }

  void compare(const CompiledPool& remaining) {
    const Ring& after = remaining.rings[static_cast<size_t>(result_.family)];
    Churn& churn = result_.churn.emplace();
    std::set<IpAddress> stay;
    for (const RingMember& member : after.members) stay.insert(member.address);
    std::vector<bool> leaves;
    for (const RingMember& member : ring_.members) {
      leaves.push_back(!stay.contains(member.address));
      churn.removed += leaves.back();
    }
    churn.cap_over_n =
        std::min(1.0, part(static_cast<double>(result_.take * churn.removed), static_cast<double>(size())));
    if (knows_clients(pool_.policy) && !after.members.empty())
      compare_clients(remaining, after, leaves);
    else
      compare_rows(leaves);
  }

  // Each answer in turn: those that hold a member that leaves are no more.
  void compare_rows(const std::vector<bool>& leaves) {
    uint64_t changed = 0, replaced = 0;
    for (uint32_t row = 0; row < ring_.list.rows; ++row) {
      const auto gone = std::count_if(ring_.list.row(row), ring_.list.row(row) + result_.take,
                                      [&](uint16_t i) { return leaves[i]; });
      changed += gone > 0;
      replaced += static_cast<uint64_t>(gone);
    }
    Churn& churn = *result_.churn;
    churn.changed = churn.had_removed = part(static_cast<double>(changed), ring_.list.rows);
    churn.replaced = part(static_cast<double>(replaced), static_cast<double>(changed));
  }

  void compare_clients(const CompiledPool& remaining, const Ring& after, const std::vector<bool>& leaves) {
    Fleet old_fleet(pool_, result_.family, 1, settings_.seed),
        new_fleet(remaining, result_.family, 1, settings_.seed);
    const ClientNetworks clients(pool_.network, settings_.seed);
    uint64_t changed = 0, had_removed = 0, replaced = 0;
    std::vector<IpAddress> now;
    for (uint32_t client = 0; client < settings_.clients; ++client) {
      now.clear();
      for (const uint16_t i : new_fleet.ask(0, clients.at(client))) now.push_back(after.members[i].address);
      uint64_t others = 0;
      bool hit = false;
      for (const uint16_t i : old_fleet.ask(0, clients.at(client))) {
        hit = hit || leaves[i];
        others += std::ranges::find(now, ring_.members[i].address) == now.end();
      }
      changed += others > 0;
      had_removed += hit;
      replaced += others;
    }
    Churn& churn = *result_.churn;
    churn.changed = part(static_cast<double>(changed), settings_.clients);
    churn.had_removed = part(static_cast<double>(had_removed), settings_.clients);
    churn.replaced = part(static_cast<double>(replaced), static_cast<double>(changed));
  }

  const PoolDefinition& definition_;
  const CompiledPool& pool_;
  const Ring& ring_;
  const SimulationSettings& settings_;
  const uint32_t workers_;
  Shares shares_;
  std::vector<uint64_t> handed_out_, first_;
  RingResult result_;
};

}  // namespace

std::vector<RingResult> simulate(const PoolDefinition& definition, const CompiledPool& pool,
                                 const SimulationSettings& settings, const PoolDefinition* remaining) {
  std::shared_ptr<const CompiledPool> without;
  if (remaining) without = compile_pool(*remaining, pool.first_slot);
  std::vector<RingResult> results;
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    if (pool.rings[static_cast<size_t>(family)].members.empty()) continue;
    results.push_back(RingSimulation(definition, pool, family, settings).run(without.get()));
  }
  return results;
}

}  // namespace dnsd
