#include "tools/zone_edit/load_model.h"

#include <cmath>
#include <queue>

#include "tools/zone_edit/fleet.h"

namespace dnsd {
namespace {

// In (0, 1).
double uniform(Random& random) { return (static_cast<double>(random.next() >> 11) + 0.5) / (uint64_t{1} << 53); }

double exponential(Random& random, double mean) { return -std::log(uniform(random)) * mean; }

// When a resolver asks next.
struct Asking {
  double at;  // seconds
  uint32_t resolver;
  // Resolvers of the same instant in order, so that every library's queue gives the same.
  bool operator>(const Asking& other) const { return at != other.at ? at > other.at : resolver > other.resolver; }
};

class Resolvers {
 public:
  Resolvers(const SimulationSettings& settings, double ttl, Random& random)
      : end_(settings.hours * 3600), ttl_(ttl), random_(random) {
    double sum = 0;
    for (uint32_t i = 1; i <= settings.resolvers; ++i) sum += 1.0 / i;
    busiest_rate_ = static_cast<double>(settings.queries) / sum / end_;
    for (uint32_t i = 0; i < settings.resolvers; ++i) {
      const double idle = 1 / rate(i);
      const bool cached = uniform(random_) * (ttl_ + idle) < ttl_;
      add((cached ? uniform(random_) * ttl_ : 0) + exponential(random_, idle), i);
    }
  }

  bool more() const { return !queue_.empty(); }
  // Takes the next one, and says how many clients use the answer.
  Asking next(double& clients) {
    const Asking asking = queue_.top();
    queue_.pop();
    clients = 1 + rate(asking.resolver) * std::min(ttl_, end_ - asking.at);
    add(asking.at + ttl_ + exponential(random_, 1 / rate(asking.resolver)), asking.resolver);
    return asking;
  }

 private:
  double rate(uint32_t resolver) const { return busiest_rate_ / (resolver + 1); }  // queries of clients a second
  void add(double at, uint32_t resolver) {
    if (at < end_) queue_.push({at, resolver});
  }

  const double end_;
  const double ttl_;
  double busiest_rate_ = 0;
  Random& random_;
  std::priority_queue<Asking, std::vector<Asking>, std::greater<>> queue_;
};

}  // namespace

Load simulate_load(const CompiledPool& pool, Family family, const SimulationSettings& settings) {
  Fleet fleet(pool, family, settings.workers * settings.servers, settings.seed);
  Random random(mix(settings.seed + 1));
  Resolvers resolvers(settings, pool.ttl, random);
  const ClientNetworks networks(pool.network, settings.seed);
  const size_t members = fleet.ring().members.size();
  Load load{std::vector<double>(members), std::vector<double>(members)};
  while (resolvers.more()) {
    double clients = 0;
    const Asking asking = resolvers.next(clients);
    const std::span<const uint16_t> answer = fleet.ask(random.below(fleet.workers()), networks.at(asking.resolver));
    load.first[answer.front()] += clients;
    for (const uint16_t member : answer) load.any[member] += clients / static_cast<double>(answer.size());
  }
  return load;
}

}  // namespace dnsd
