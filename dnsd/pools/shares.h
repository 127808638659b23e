// How often each member in service is handed out: weights made into whole numbers of answers.
//
// `take` members stand in an answer, each once, so that no member can have more than one place of the `take` in it:
//
//   weights 3 1 1 1, 2 in an answer      3 of 6 is one place in each answer
//   weights 9 1 1 1, 2 in an answer      9 of 12 would be more: it stands in every answer, the others share the rest
//
// Pure; thread safety: values.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace dnsd {

// Places in all answers of a turn together: a bound on memory. Beyond it shares are as close as that many allow.
constexpr uint32_t max_places = uint32_t{1} << 20;

struct Shares {
  uint32_t answers = 0;          // of a turn; 0 where there is no member
  uint32_t take = 0;             // members in each
  std::vector<uint32_t> counts;  // of each member: the answers of a turn that hold it; 1..answers
  std::vector<bool> limited;     // members that weigh more than can be followed: they stand in every answer
  bool exact = true;             // false where max_places is in the way

  // The part of all places that is the member's.
  double share(size_t member) const { return counts[member] / (static_cast<double>(answers) * take); }
};

// Precondition: every weight is at least 1; cap is at least 1.
Shares shares_of(std::span<const uint32_t> weights, unsigned cap);

// The same shares over a given number of answers, rounded to whole ones.
// Preconditions: answers * take is at least the number of members and at most UINT32_MAX.
std::vector<uint32_t> counts_over(const Shares& shares, uint32_t answers);

}  // namespace dnsd
