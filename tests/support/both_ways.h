// Whether the short way to an answer (usual_answer.h) and the general one write the same octets.
#pragma once

#include <algorithm>
#include <vector>

#include "dnsd/answer/prepared_query.h"
#include "dnsd/answer/respond.h"
#include "dnsd/answer/usual_answer.h"
#include "dnsd/pools/rotation.h"

namespace dnsd::testing {

enum class Ways : uint8_t {
  alike,
  one,  // only the general way knows the query
  differ,
};

// `state` is as it was before the query.
inline Ways both_ways(const Snapshot& snapshot, RotationState state, Bytes query, const Client& client, Instant now) {
  RotationState same = state;
  PreparedQuery shortly, generally;
  prepare(snapshot, query, shortly);
  prepare(snapshot, query, generally);
  for (PreparedQuery* prepared : {&shortly, &generally}) find_name(snapshot, client, *prepared);
  if (!shortly.usual) return Ways::one;
  static std::vector<uint8_t> a(max_tcp_response), b(max_tcp_response);  // made once: this is called a million times
  const size_t size = answer_usual(snapshot, state, shortly, client, now, a);
  if (size == 0) return Ways::one;
  const size_t other = answer_any_query(snapshot, same, generally, client, now, b);
  const bool same_octets = size == other && std::equal(a.begin(), a.begin() + static_cast<ptrdiff_t>(size), b.begin());
  return same_octets ? Ways::alike : Ways::differ;
}

}  // namespace dnsd::testing
