// The space that the promises mean at an instant, for views that are nothing but prefixes.
//
// All results are canonical, in numeric order (IPv4 first), without duplicates, and none lies inside another.
// Adjacent ones are not joined: a row of the feed stays a row of the firewall.
//
// Thread safety: pure.
#pragma once

#include <span>
#include <vector>

#include "base/instant.h"
#include "base/ip_address.h"
#include "pinned_ips/feed_view.h"

namespace dnsd {

// What a firewall has to let through now: announced, standby, active, draining.
std::vector<IpPrefix> allowed_space(std::span<const PromisedSet> sets, Instant now);
// What may be answered now: standby and active. What drains is in caches and is allowed, but not answered.
std::vector<IpPrefix> answerable_space(std::span<const PromisedSet> sets, Instant now);
// What may be answered after the next change of it; the same as now where none is scheduled.
std::vector<IpPrefix> next_answerable_space(std::span<const PromisedSet> sets, Instant now);
// What may be removed: listed and over, without the parts that are allowed. So allowed and removable space are what
// is listed, and no address is in both.
std::vector<IpPrefix> removable_space(std::span<const PromisedSet> sets, Instant now);

// The rows that are allowed, without those that lie inside another of the same set (where space is split or merged,
// both forms stand for a while).
std::vector<FeedRow> allowed_rows(std::span<const PromisedSet> sets, Instant now);

// Drops what is twice or inside another.
std::vector<IpPrefix> outermost(std::vector<IpPrefix> prefixes);
// `space` without `taken`.
std::vector<IpPrefix> without(const std::vector<IpPrefix>& space, const std::vector<IpPrefix>& taken);

}  // namespace dnsd
