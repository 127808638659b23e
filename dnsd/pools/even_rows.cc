#include "dnsd/pools/even_rows.h"

#include <algorithm>
#include <numeric>

#include "dnsd/pools/shares.h"

namespace dnsd {
namespace {

std::vector<uint32_t> weights_of(std::span<const RingMember> members) {
  std::vector<uint32_t> weights;
  for (const RingMember& member : members) weights.push_back(member.weight);
  return weights;
}

std::vector<uint16_t> line_of_places(std::span<const RingMember> members, const Shares& shares) {
  std::vector<uint16_t> order(members.size());
  std::iota(order.begin(), order.end(), uint16_t{0});
  std::ranges::stable_sort(order, {}, [&](uint16_t i) { return members[i].site; });
  std::vector<uint16_t> line;
  line.reserve(size_t{shares.answers} * shares.take);
  for (const uint16_t i : order) line.insert(line.end(), shares.counts[i], i);
  return line;
}

// The longest step up to the shortest run that comes by every answer.
uint32_t step_of(const Shares& shares) {
  uint32_t step = std::min(*std::ranges::min_element(shares.counts), shares.answers);
  while (std::gcd(step, shares.answers) != 1) --step;
  return step;
}

}  // namespace

AnswerList even_rows(std::span<const RingMember> members, unsigned cap) {
  AnswerList list;
  if (members.empty()) return list;
  const Shares shares = shares_of(weights_of(members), cap);
  const std::vector<uint16_t> line = line_of_places(members, shares);
  list.rows = shares.answers;
  list.take = shares.take;
  list.picks.reserve(line.size());
  const uint32_t step = step_of(shares);
  uint64_t answer = 0;
  for (uint32_t row = 0; row < list.rows; ++row, answer = (answer + step) % list.rows) {
    for (uint32_t i = 0; i < list.take; ++i) list.picks.push_back(line[answer + size_t{i} * list.rows]);
    const std::span<uint16_t> picks(list.picks.end() - list.take, list.picks.end());
    alternate_sites(picks, members);
    // Many clients only ever use the first address: let it be of another site in the next row.
    std::rotate(picks.begin(), picks.begin() + row % list.take, picks.end());
  }
  return list;
}

}  // namespace dnsd
