#include "dnsd/pools/policy_sticky.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "dnsd/pools/shares.h"

namespace dnsd {
namespace {

constexpr uint32_t buckets = StickyPolicy::buckets;

// What each member makes of each bucket: a number that nothing but its address decides, and each number once.
//
// Its walk over the buckets begins at one of them and goes on in steps of one length; the rank of a bucket is when the
// walk comes by.
class Walk {
 public:
  explicit Walk(const IpAddress& address) {
    const uint64_t hash = hash_of(network_key(address, address_bits(address.family())), address.family());
    first_ = static_cast<uint32_t>(hash % buckets);
    step_ = 1 + static_cast<uint32_t>(mix(hash) % (buckets - 1));
    // Fermat: step^(buckets - 1) is 1, so that step^(buckets - 2) undoes a step.
    uint64_t power = step_;
    for (uint32_t n = buckets - 2; n > 0; n /= 2, power = power * power % buckets)
      if (n % 2 == 1) inverse_ = inverse_ * power % buckets;
  }
  uint32_t bucket(uint32_t rank) const { return static_cast<uint32_t>((first_ + uint64_t{rank} * step_) % buckets); }
  uint32_t rank(uint32_t bucket) const {
    return static_cast<uint32_t>((uint64_t{bucket} + buckets - first_) * inverse_ % buckets);
  }

 private:
  uint32_t first_, step_;
  uint64_t inverse_ = 1;
};

// Deals the members out to all buckets. Each bucket takes those that come first in
//
//   odds(rank) / odds(p),   odds(x) = x / (1 - x)
//
// where p is the part of the buckets that the member is to be in: then it is in that part of them, very nearly (Pareto
// sampling: Rosén 1997). Nobody's place depends on who else there is, so that one who leaves is missed only where it was.
class Dealer {
 public:
  using Row = std::vector<uint16_t>;

  Dealer(std::span<const RingMember> members, const Shares& shares) : members_(members), take_(shares.take) {
    places_of_site_.resize(std::ranges::max(members, {}, &RingMember::site).site + size_t{1});
    for (size_t i = 0; i < members.size(); ++i) {
      const double part = static_cast<double>(shares.counts[i]) / shares.answers;
      parts_.push_back(part);
      odds_.push_back(part / (1 - part));
      walks_.emplace_back(members[i].address);
      places_of_site_[members[i].site] += part;
    }
  }

  std::vector<Row> deal() {
    // Those who come early in their walks are enough to choose from, nearly always.
    const double enough = 1 + (6 * std::sqrt(take_) + 8) / take_;
    std::vector<std::vector<Candidate>> of_bucket(buckets);
    for (uint16_t i = 0; i < members_.size(); ++i) {
      const auto ranks = static_cast<uint32_t>(std::min<double>(buckets, std::ceil(parts_[i] * enough * buckets)));
      for (uint32_t rank = 0; rank < ranks; ++rank) of_bucket[walks_[i].bucket(rank)].push_back(candidate(i, rank));
    }
    std::vector<Row> rows;
    for (uint32_t bucket = 0; bucket < buckets; ++bucket) {
      Row row = choose(bucket, of_bucket[bucket]);
      rows.push_back(row.size() == take_ ? std::move(row) : choose(bucket, everybody(bucket)));
    }
    return rows;
  }

 private:
  struct Candidate {
    double order;
    uint16_t member;
    bool operator<(const Candidate& other) const { return order < other.order; }
  };

  Candidate candidate(uint16_t member, uint32_t rank) const {
    const double x = (rank + 0.5) / buckets;
    return {x / (1 - x) / odds_[member], member};
  }

  std::vector<Candidate> everybody(uint32_t bucket) const {
    std::vector<Candidate> all;
    for (uint16_t i = 0; i < members_.size(); ++i) all.push_back(candidate(i, walks_[i].rank(bucket)));
    return all;
  }

  // The first ones, as far as their sites have room; then the first of those that were passed over.
  Row choose(uint32_t bucket, std::vector<Candidate> candidates) const {
    std::sort(candidates.begin(), candidates.end());
    Row row;
    for (Candidate& c : candidates) {
      if (row.size() == take_) break;
      const uint16_t site = members_[c.member].site;
      const auto of_site = std::ranges::count_if(row, [&](uint16_t i) { return members_[i].site == site; });
      if (static_cast<uint32_t>(of_site) >= most_of_site(bucket, site)) continue;
      row.push_back(c.member);
    }
    for (const Candidate& c : candidates) {
      if (row.size() == take_) break;
      if (std::ranges::find(row, c.member) == row.end()) row.push_back(c.member);
    }
    std::ranges::sort(row);
    return row;
  }

  // The places that a site has in a bucket on average, rounded: down up to a fourth, up from a half, between these up
  // in ever more buckets. A hard bound would move nearly all clients at once when a member leaves and the average
  // crosses it.
  uint32_t most_of_site(uint32_t bucket, uint16_t site) const {
    const double whole = std::floor(places_of_site_[site]), part = places_of_site_[site] - whole;
    const double chance = static_cast<double>(mix(uint64_t{site} << 32 | bucket) >> 40) / (1 << 24);
    return static_cast<uint32_t>(whole) + (chance < 4 * (part - 0.25) ? 1 : 0);
  }

  const std::span<const RingMember> members_;
  const uint32_t take_;
  std::vector<double> parts_;           // of the buckets, of each member
  std::vector<double> odds_;
  std::vector<Walk> walks_;
  std::vector<double> places_of_site_;  // in a bucket
};

// Whether all `count` networks from `first` on, each of `bits`, get a row.
bool all_get(const AnswerList& list, uint32_t row, NetworkKey first, uint64_t count, unsigned bits, Family family) {
  const bool in_high = bits <= 64;
  const uint64_t one = uint64_t{1} << (in_high ? 64 - bits : 128 - bits);
  for (; count > 0; --count) {
    if (StickyPolicy::row_of(list, first, family) != row) return false;
    (in_high ? first.high : first.low) += one;
  }
  return true;
}

}  // namespace

AnswerList StickyPolicy::rows(std::span<const RingMember> members, unsigned cap) {
  AnswerList list;
  if (members.empty()) return list;
  std::vector<uint16_t> order(members.size());  // by address, so that the one in the file does not matter
  std::iota(order.begin(), order.end(), uint16_t{0});
  std::ranges::sort(order, {}, [&](uint16_t i) { return members[i].address; });
  std::vector<RingMember> sorted;
  std::vector<uint32_t> weights;
  for (const uint16_t i : order) {
    sorted.push_back(members[i]);
    weights.push_back(members[i].weight);
  }
  const Shares shares = shares_of(weights, cap);
  list.take = shares.take;
  std::map<std::vector<uint16_t>, uint16_t> numbers;
  for (std::vector<uint16_t>& row : Dealer(sorted, shares).deal()) {
    for (uint16_t& pick : row) pick = order[pick];
    const auto [number, fresh] = numbers.try_emplace(row, static_cast<uint16_t>(list.rows));
    list.buckets.push_back(number->second);
    if (!fresh) continue;
    list.picks.insert(list.picks.end(), row.begin(), row.end());
    alternate_sites(std::span(list.picks).last(list.take), members);
    ++list.rows;
  }
  return list;
}

// Half by half: the prefix one bit shorter will do where all networks of its other half get the row, too. Some network
// hardly ever does, so few are looked at.
unsigned StickyPolicy::scope(const AnswerList& list, const IpAddress& client, const ClientNetwork& network) {
  if (list.rows <= 1) return 0;
  const Family family = client.family();
  const unsigned bits = bits_of(network, family);
  const uint32_t row = row_of(list, network_key(client, bits), family);
  unsigned scope = bits;
  for (; scope > 0; --scope) {
    NetworkKey other = network_key(client, scope);
    (scope <= 64 ? other.high : other.low) ^= uint64_t{1} << (scope <= 64 ? 64 - scope : 128 - scope);
    const unsigned halves = bits - scope;
    if (halves >= 32 || !all_get(list, row, other, uint64_t{1} << halves, bits, family)) break;
  }
  return scope;
}

}  // namespace dnsd
