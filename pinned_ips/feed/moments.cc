#include "pinned_ips/feed/moments.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace dnsd {
namespace {

void add_moments(const FeedRow& row, std::vector<Moment>& moments) {
  const Promise& promise = *row.promise;
  const auto is_off = [&promise](Instant at) {
    return promise.cancelled_at || (promise.revoked_at && *promise.revoked_at <= at);
  };
  using Kind = Moment::Kind;
  const auto add = [&](Kind kind, Instant at) { moments.push_back({kind, at, is_off(at), row}); };
  if (!promise.genesis) add(Kind::enabled, promise.enabled_at);
  if (promise.last_answer_at) add(Kind::last_answer, *promise.last_answer_at);
  if (promise.retired_at) add(Kind::retired, *promise.retired_at);
  if (promise.revoked_at) moments.push_back({Kind::revoked, *promise.revoked_at, false, row});
}

}  // namespace

std::string_view to_text(Moment::Kind kind) {
  static constexpr std::array<std::string_view, 4> words = {"enabled", "last-answer", "retired", "revoked"};
  return words[static_cast<size_t>(kind)];
}

std::vector<Moment> moments(std::span<const PromisedSet> sets, Instant now) {
  std::vector<Moment> moments;
  for (const FeedRow& row : feed_rows(sets, now)) add_moments(row, moments);
  std::ranges::stable_sort(moments, [](const Moment& a, const Moment& b) {
    return std::tie(a.at, a.row.promise->id) < std::tie(b.at, b.row.promise->id);
  });
  return moments;
}

std::string headline(const Moment& moment) {
  static constexpr std::array<std::string_view, 4> words = {" may be answered", " is no longer answered",
                                                            " may be removed", " is revoked: remove it"};
  return to_text(moment.row.promise->cidr) + " (" + moment.row.set->name + ")" +
         std::string(words[static_cast<size_t>(moment.kind)]);
}

std::string advice(const Moment& moment) {
  if (moment.is_off) return "This will not happen: the entry was withdrawn.";
  switch (moment.kind) {
    case Moment::Kind::enabled: return "Firewalls have to let it through before this instant.";
    case Moment::Kind::last_answer:
      return "Caches and open connections may still use it: keep it until it is retired.";
    case Moment::Kind::retired: return "Its host may be gone from this instant on: remove it from firewalls.";
    case Moment::Kind::revoked: return "The address is lost or in other hands: remove it from firewalls at once.";
  }
  return {};
}

}  // namespace dnsd
