// The list of answers of the policies that turn: every share exact over a turn, every answer spread over sites.
//
// All places of a turn are laid out on one line, a run for each member, the members of a site side by side. Answer t
// takes every answers-th place from t on (systematic sampling):
//
//   7 members, 3 in an answer, 7 answers, 21 places      a a a b b b c c c d d d e e e f f f g g g
//                                          answer 0      a             c             e
//                                          answer 1        a             c             e
//                                          answer 2          a             d             f
//                                          answer 3            b             d             f      and so on to 6
//
// * No run is longer than a turn, so that no answer has a member twice, and each member is in as many answers as its
//   run is long: its share is exact.
// * The run of a site that has x of the places of an answer on average holds floor(x) or ceil(x) places of every
//   answer: more even is impossible while shares are kept.
//
// Neighbours on the line are much alike, so the answers stand in the list in steps as long as the shortest run: the
// lightest member shows within ceil(answers / shortest run) answers, 5 for 8 of 40.
#pragma once

#include <span>

#include "dnsd/pools/answer_list.h"

namespace dnsd {

// `cap` is at least 1. At most max_members members.
AnswerList even_rows(std::span<const RingMember> members, unsigned cap);

}  // namespace dnsd
