#include "pinned_ips/feed/prefix_sets.h"

#include <algorithm>
#include <array>
#include <optional>

namespace dnsd {
namespace {

bool is_answerable(PromiseState state) { return state == PromiseState::standby || state == PromiseState::active; }

template <typename Predicate>
std::vector<IpPrefix> space_where(std::span<const PromisedSet> sets, Instant now, Predicate is_meant) {
  std::vector<IpPrefix> prefixes;
  for (const FeedRow& row : feed_rows(sets, now))
    if (is_meant(row.state)) prefixes.push_back(row.promise->cidr);
  return outermost(std::move(prefixes));
}

// Precondition: the prefix is no single address.
std::array<IpPrefix, 2> halves(const IpPrefix& prefix) {
  std::array<uint8_t, 16> octets{};
  std::ranges::copy(prefix.address().octets(), octets.begin());
  octets[prefix.length() / 8] = static_cast<uint8_t>(octets[prefix.length() / 8] | (0x80 >> prefix.length() % 8));
  const IpAddress upper = prefix.family() == Family::ipv6
                              ? IpAddress::v6(octets)
                              : IpAddress::v4({octets[0], octets[1], octets[2], octets[3]});
  return {IpPrefix(prefix.address(), prefix.length() + 1), IpPrefix(upper, prefix.length() + 1)};
}

// As deep as a prefix is longer than the one it is cut out of.
void add_rest(const IpPrefix& prefix, const std::vector<IpPrefix>& taken, std::vector<IpPrefix>& rest) {
  bool is_cut = false;
  for (const IpPrefix& other : taken) {
    if (other.contains(prefix)) return;
    is_cut = is_cut || prefix.contains(other);
  }
  if (!is_cut) return rest.push_back(prefix);
  for (const IpPrefix& half : halves(prefix)) add_rest(half, taken, rest);
}

std::optional<Instant> next_answer_change(std::span<const PromisedSet> sets, Instant now) {
  std::optional<Instant> first;
  for (const FeedRow& row : feed_rows(sets, now)) {
    std::optional<Instant> next;
    if (row.state == PromiseState::announced) next = row.promise->enabled_at;
    if (is_answerable(row.state)) next = row.promise->last_answer_at;
    if (next && (!first || *next < *first)) first = next;
  }
  return first;
}

}  // namespace

std::vector<IpPrefix> allowed_space(std::span<const PromisedSet> sets, Instant now) {
  return space_where(sets, now, is_live);
}

std::vector<IpPrefix> answerable_space(std::span<const PromisedSet> sets, Instant now) {
  return space_where(sets, now, is_answerable);
}

std::vector<IpPrefix> next_answerable_space(std::span<const PromisedSet> sets, Instant now) {
  return answerable_space(sets, next_answer_change(sets, now).value_or(now));
}

std::vector<IpPrefix> removable_space(std::span<const PromisedSet> sets, Instant now) {
  return without(space_where(sets, now, [](PromiseState state) { return !is_live(state); }),
                 allowed_space(sets, now));
}

std::vector<FeedRow> allowed_rows(std::span<const PromisedSet> sets, Instant now) {
  std::vector<FeedRow> rows;
  for (const FeedRow& row : feed_rows(sets, now)) {
    if (!is_live(row.state)) continue;
    // They come by set, and an outer prefix before those inside it.
    if (rows.empty() || rows.back().set != row.set || !rows.back().promise->cidr.contains(row.promise->cidr))
      rows.push_back(row);
  }
  return rows;
}

std::vector<IpPrefix> outermost(std::vector<IpPrefix> prefixes) {
  std::ranges::sort(prefixes);
  std::vector<IpPrefix> kept;
  for (const IpPrefix& prefix : prefixes)
    if (kept.empty() || !kept.back().contains(prefix)) kept.push_back(prefix);
  return kept;
}

std::vector<IpPrefix> without(const std::vector<IpPrefix>& space, const std::vector<IpPrefix>& taken) {
  std::vector<IpPrefix> rest;
  for (const IpPrefix& prefix : space) add_rest(prefix, taken, rest);
  return rest;
}

}  // namespace dnsd
