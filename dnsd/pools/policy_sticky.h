// sticky: the same client always gets the same members, on every server and after every restart.
//
// The networks of clients (ClientNetwork) fall into buckets by their hash, and each bucket is dealt members when a
// snapshot is compiled, by nothing but their addresses. The rows are those that differ. A flood from one network meets
// the members of its row only (shuffle sharding); of n members with `cap` in an answer one that leaves changes the rows
// of about cap/n of the clients, each by that member.
//
// Dealing: each member walks over all buckets in an order of its own, and sits down where there is room, until it has
// its share of buckets; members go in turns, the heavy ones more often. Where a member has left, the others fill its
// places and stay in theirs, but for a few (Maglev, section 3.4, has one place a bucket; here there are `cap`).
//
// The client's members take turns at coming first, so that who uses only the first spreads over all of them.
#pragma once

#include <string_view>

#include "dnsd/pools/policy.h"

namespace dnsd {

struct StickyPolicy {
  static constexpr std::string_view name = "sticky";

  // A prime, so that a step of any length comes by all buckets. The same for pools of all sizes: a pool that grows
  // keeps its clients.
  static constexpr uint32_t buckets = 16381;

  static AnswerList rows(std::span<const RingMember> members, unsigned cap);

  static uint32_t row_of(const AnswerList& list, const NetworkKey& key, Family family) {
    if (list.rows == 1) return 0;
    const uint64_t hash = hash_of(key, family);
    return list.buckets[static_cast<uint32_t>((hash >> 32) * buckets >> 32)];
  }

  static Window start(const WindowRequest& request, RotationState::Cursor& cursor, Random&) {
    const Family family = request.client.family();
    const NetworkKey key = network_key(request.client, bits_of(request.network, family));
    if (++cursor.first >= request.list.take) cursor.first %= request.list.take;
    return {row_of(request.list, key, family), cursor.first};
  }

  // The length of the shortest prefix around a client in which all others get the same row.
  static unsigned scope(const AnswerList& list, const IpAddress& client, const ClientNetwork& network);
};

}  // namespace dnsd
