#include "dnsd/pools/shares.h"

#include <algorithm>
#include <numeric>

namespace dnsd {
namespace {

// Members that stand in every answer: those whose part of the places that are left is one or more. Each that is found
// leaves less to the others, so the search goes on until it finds none.
struct Everywhere {
  std::vector<bool> members;
  uint64_t places;  // that are left to the others
  uint64_t weight;  // of the others
};

Everywhere find_everywhere(std::span<const uint32_t> weights, uint32_t take, std::vector<bool>& limited) {
  Everywhere found{std::vector<bool>(weights.size()), take, std::accumulate(weights.begin(), weights.end(), uint64_t{0})};
  for (bool more = true; more;) {
    more = false;
    const uint64_t places = found.places, weight = found.weight;
    for (size_t i = 0; i < weights.size(); ++i) {
      if (found.members[i] || places * weights[i] < weight) continue;
      more = found.members[i] = true;
      if (places * weights[i] > weight) limited[i] = true;
      --found.places;
      found.weight -= weights[i];
    }
  }
  return found;
}

// Whole numbers of sum `total`, each 1..most, closest to their ideal: the largest remainders are rounded up.
std::vector<uint32_t> apportion(const std::vector<double>& ideal, uint64_t total, uint32_t most) {
  std::vector<uint32_t> counts;
  for (const double x : ideal) counts.push_back(std::clamp(static_cast<uint32_t>(x + 1e-9), 1u, most));
  const auto sum = std::accumulate(counts.begin(), counts.end(), uint64_t{0});
  std::vector<size_t> order(ideal.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const bool up = sum < total;
  const auto lacks = [&](size_t i) { return up ? ideal[i] - counts[i] : counts[i] - ideal[i]; };
  std::ranges::stable_sort(order, [&](size_t a, size_t b) { return lacks(a) > lacks(b); });
  for (uint64_t left = up ? total - sum : sum - total; left > 0;) {
    for (const size_t i : order) {
      if (left == 0) break;
      if (up ? counts[i] == most : counts[i] == 1) continue;
      counts[i] = up ? counts[i] + 1 : counts[i] - 1;
      --left;
    }
  }
  return counts;
}

}  // namespace

Shares shares_of(std::span<const uint32_t> weights, unsigned cap) {
  Shares shares;
  const size_t n = weights.size();
  if (n == 0) return shares;
  shares.take = static_cast<uint32_t>(std::min<size_t>(cap, n));
  shares.limited.resize(n);
  const Everywhere everywhere = find_everywhere(weights, shares.take, shares.limited);
  uint64_t unit = 0;  // all weights of the others are multiples of it
  for (size_t i = 0; i < n; ++i)
    if (!everywhere.members[i]) unit = std::gcd(unit, uint64_t{weights[i]});
  if (unit == 0) {  // there are no others
    shares.answers = 1;
    shares.counts.assign(n, 1);
    shares.limited.assign(n, false);
    return shares;
  }
  // A member of weight w has places * w / weight of an answer: over weight / divisor answers that is a whole number.
  const uint64_t weight = everywhere.weight / unit;
  const uint64_t divisor = std::gcd(weight, everywhere.places);
  const uint64_t answers = weight / divisor;
  const auto count = [&](size_t i) {
    return everywhere.members[i] ? answers : everywhere.places / divisor * (weights[i] / unit);
  };
  if (answers * shares.take <= max_places) {
    shares.answers = static_cast<uint32_t>(answers);
    for (size_t i = 0; i < n; ++i) shares.counts.push_back(static_cast<uint32_t>(count(i)));
    return shares;
  }
  shares.exact = false;
  shares.answers = max_places / shares.take;
  std::vector<double> ideal;
  for (size_t i = 0; i < n; ++i)
    ideal.push_back(static_cast<double>(count(i)) * shares.answers / static_cast<double>(answers));
  shares.counts = apportion(ideal, uint64_t{shares.answers} * shares.take, shares.answers);
  return shares;
}

std::vector<uint32_t> counts_over(const Shares& shares, uint32_t answers) {
  std::vector<double> ideal;
  for (const uint32_t count : shares.counts) ideal.push_back(static_cast<double>(count) * answers / shares.answers);
  return apportion(ideal, uint64_t{answers} * shares.take, answers);
}

}  // namespace dnsd
