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
  Dealer(std::span<const RingMember> members, const Shares& shares) : members_(members), take_(shares.take) {
    places_of_site_.resize(std::ranges::max(members, {}, &RingMember::site).site + size_t{1});
    for (size_t i = 0; i < members.size(); ++i) {
      const double part = static_cast<double>(shares.counts[i]) / shares.answers;
      parts_.push_back(part);
      odds_.push_back(odds(part));
      walks_.emplace_back(members[i].address);
      places_of_site_[members[i].site] += part;
    }
  }

  // The members of each bucket in ascending order, one bucket after the other.
  std::vector<uint16_t> deal() {
    collect_candidates();
    choose_all();
    for (int round = 0; round < most_rounds && !settle(); ++round) choose_all();
    return std::move(rows_);
  }

 private:
  static constexpr int most_rounds = 6;
  static constexpr double close_enough = 0.01;

  struct Candidate {
    double odds;  // of its rank
    uint16_t member;
    double order = 0;
  };

  static double odds(double part) { return part / (1 - part); }
  static Candidate candidate(uint16_t member, uint32_t rank) { return {odds((rank + 0.5) / buckets), member, 0}; }

  // Those who come early in their walks are enough to choose from, nearly always. They lie bucket by bucket in one
  // array: with one of its own for each bucket, most of the time would go into growing them.
  void collect_candidates() {
    const double enough = 1 + (6 * std::sqrt(take_) + 8) / take_;
    const auto for_each = [&](auto visit) {
      for (uint16_t i = 0; i < members_.size(); ++i) {
        const auto ranks = static_cast<uint32_t>(std::min<double>(buckets, std::ceil(parts_[i] * enough * buckets)));
        for (uint32_t rank = 0; rank < ranks; ++rank) visit(walks_[i].bucket(rank), i, rank);
      }
    };
    ends_.assign(buckets + 1, 0);
    for_each([&](uint32_t bucket, uint16_t, uint32_t) { ++ends_[bucket + 1]; });
    std::partial_sum(ends_.begin(), ends_.end(), ends_.begin());
    candidates_.resize(ends_.back());
    // Each end begins where the one before it will be, and moves there.
    for_each([&](uint32_t bucket, uint16_t i, uint32_t rank) { candidates_[ends_[bucket]++] = candidate(i, rank); });
  }

  std::span<Candidate> candidates(uint32_t bucket) {
    const uint32_t begin = bucket == 0 ? 0 : ends_[bucket - 1];
    return std::span(candidates_).subspan(begin, ends_[bucket] - begin);
  }

  std::vector<Candidate> everybody(uint32_t bucket) const {
    std::vector<Candidate> all;
    for (uint16_t i = 0; i < members_.size(); ++i) all.push_back(candidate(i, walks_[i].rank(bucket)));
    return all;
  }

  void choose_all() {
    rows_.clear();
    for (uint32_t bucket = 0; bucket < buckets; ++bucket) {
      if (choose(bucket, candidates(bucket))) continue;
      std::vector<Candidate> all = everybody(bucket);
      choose(bucket, all);
    }
  }

  // Appends a row: the first ones, as far as their sites have room, then the first of those that were passed over.
  // False where there are too few: nothing was appended.
  bool choose(uint32_t bucket, std::span<Candidate> candidates) {
    if (candidates.size() < take_) return false;
    for (Candidate& c : candidates) c.order = c.odds / odds_[c.member];
    std::ranges::sort(candidates, {}, &Candidate::order);
    const size_t begin = rows_.size(), end = begin + take_;
    const auto row = [&] { return std::span(rows_).subspan(begin); };
    for (const Candidate& c : candidates) {
      if (rows_.size() == end) break;
      const uint16_t site = members_[c.member].site;
      const auto of_site = std::ranges::count_if(row(), [&](uint16_t i) { return members_[i].site == site; });
      if (static_cast<uint32_t>(of_site) < most_of_site(bucket, site)) rows_.push_back(c.member);
    }
    for (const Candidate& c : candidates) {
      if (rows_.size() == end) break;
      if (std::ranges::find(row(), c.member) == row().end()) rows_.push_back(c.member);
    }
    std::ranges::sort(row());
    return true;
  }

  // The places that a site has in a bucket on average, rounded up in more buckets than that needs, so that shares can be
  // kept; but down where hardly anything is missing: a bound that all buckets share would move nearly all clients at once
  // when a member leaves and 2.00 places become 2.05.
  uint32_t most_of_site(uint32_t bucket, uint16_t site) const {
    const double whole = std::floor(places_of_site_[site]), part = places_of_site_[site] - whole;
    const double chance = static_cast<double>(mix(uint64_t{site} << 32 | bucket) >> 40) / (1 << 24);
    return static_cast<uint32_t>(whole) + (chance < 3 * (part - 0.06) ? 1 : 0);
  }

  // The bounds of sites take some weight from those who press against them. Members of one site and weight are pressed
  // alike: their odds are corrected together, which says nothing about single members and so moves few of them. True
  // where all have what they should.
  bool settle() {
    struct Group {
      double wanted = 0, found = 0, members = 0;
    };
    std::map<std::pair<uint16_t, double>, Group> groups;
    for (size_t i = 0; i < members_.size(); ++i) {
      Group& group = groups[{members_[i].site, parts_[i]}];
      group.wanted += parts_[i];
      group.members += 1;
    }
    if (groups.size() == 1) return true;
    std::vector<uint32_t> found(members_.size());
    for (const uint16_t i : rows_) ++found[i];
    for (size_t i = 0; i < members_.size(); ++i)
      groups[{members_[i].site, parts_[i]}].found += static_cast<double>(found[i]) / buckets;
    bool settled = true;
    for (const auto& [key, group] : groups)
      settled = settled && std::abs(group.found - group.wanted) <= close_enough * group.wanted;
    if (settled) return true;
    for (size_t i = 0; i < members_.size(); ++i) {
      const Group& group = groups.at({members_[i].site, parts_[i]});
      const double most = group.members - 0.5 / buckets;  // odds have an end
      if (parts_[i] < 1)
        odds_[i] *= odds(group.wanted / group.members) / odds(std::clamp(group.found, 0.5 / buckets, most) / group.members);
    }
    return false;
  }

  const std::span<const RingMember> members_;
  const uint32_t take_;
  std::vector<double> parts_;  // of the buckets, of each member
  std::vector<double> odds_;   // that lead to that
  std::vector<Walk> walks_;
  std::vector<double> places_of_site_;  // in a bucket
  std::vector<Candidate> candidates_;   // by bucket
  std::vector<uint32_t> ends_;          // of those of each bucket
  std::vector<uint16_t> rows_;
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
  const std::vector<uint16_t> dealt = Dealer(sorted, shares).deal();
  std::vector<uint16_t> row(list.take);
  for (size_t begin = 0; begin < dealt.size(); begin += list.take) {
    for (uint32_t i = 0; i < list.take; ++i) row[i] = order[dealt[begin + i]];
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
