#include "pinned_ips/feed/feed_document.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "pinned_ips/feed/feed_text.h"

namespace dnsd {
namespace {

using Json = nlohmann::ordered_json;

// Resolved against the document's own address, so that it holds wherever the feed is mounted or mirrored.
constexpr const char* schema_reference = "ip-ranges/ip-ranges.schema.json";

Json instant_or_null(std::optional<Instant> instant) { return instant ? Json(to_text(*instant)) : Json(); }

int64_t full_hours(Duration duration) { return duration.seconds / 3600; }
int64_t full_days(Duration duration) { return duration.seconds / 86400; }

Json most_entries(const PinnedPolicy& policy) {
  return {{"ipv4", policy.most(Family::ipv4)}, {"ipv6", policy.most(Family::ipv6)}};
}

// The sets that have a row, in order.
std::vector<const PromisedSet*> sets_of(const std::vector<FeedRow>& rows) {
  std::vector<const PromisedSet*> sets;
  for (const FeedRow& row : rows)
    if (sets.empty() || sets.back() != row.set) sets.push_back(row.set);
  return sets;
}

// One promise for the whole document: what holds for every set, hence the shortest times and the highest numbers.
PinnedPolicy common_policy(const std::vector<const PromisedSet*>& sets, Instant now) {
  PinnedPolicy common = sets.front()->policy_at(now);
  for (const PromisedSet* set : sets) {
    const PinnedPolicy& policy = set->policy_at(now);
    common.notice = std::min(common.notice, policy.notice);
    common.quarantine = std::min(common.quarantine, policy.quarantine);
    common.retention = std::min(common.retention, policy.retention);
    for (size_t family = 0; family < common.max_entries.size(); ++family)
      common.max_entries[family] = std::max(common.max_entries[family], policy.max_entries[family]);
  }
  return common;
}

Json policy_json(const PinnedPolicy& policy, const TrackRecord& record) {
  Json json;
  json["notice_hours"] = full_hours(policy.notice);
  json["max_age_seconds"] = feed_max_age.seconds;
  json["quarantine_days"] = full_days(policy.quarantine);
  json["max_entries"] = most_entries(policy);
  json["retention_days"] = full_days(policy.retention);
  json["shortest_notice_hours_ever"] = record.shortest_notice ? Json(full_hours(*record.shortest_notice)) : Json();
  json["waivers_ever"] = record.waivers;
  json["revocations_ever"] = record.revoked;
  return json;
}

void add_set_policy(Json& json, const PinnedPolicy& policy) {
  json["notice_hours"] = full_hours(policy.notice);
  json["quarantine_days"] = full_days(policy.quarantine);
  json["retention_days"] = full_days(policy.retention);
  json["max_entries"] = most_entries(policy);
  json["waivers_allowed"] = policy.allow_waiver;
}

Json set_json(const PromisedSet& set, Instant now) {
  Json json;
  json["name"] = set.name;
  add_set_policy(json, set.policy_at(now));
  json["policy_changes"] = Json::array();
  for (const PolicyChange& change : set.policies) {
    if (change.at <= now) continue;
    Json later;
    later["effective_at"] = to_text(change.at);
    add_set_policy(later, change.policy);
    json["policy_changes"].push_back(std::move(later));
  }
  return json;
}

Json entry_json(const FeedRow& row) {
  const Promise& promise = *row.promise;
  const std::optional<std::string> retired = retired_day(promise);
  Json json;
  json["cidr"] = to_text(promise.cidr);
  json["class"] = family_name(promise.cidr.family());
  json["published"] = published_day(promise);
  json["enabled"] = enabled_day(promise);
  json["retired"] = retired ? Json(*retired) : Json();
  json["facility"] = promise.facility;
  json["set"] = row.set->name;
  json["id"] = promise.id;
  json["state"] = to_text(row.state);
  json["published_at"] = to_text(promise.published_at);
  json["enabled_at"] = to_text(promise.enabled_at);
  json["last_answer_at"] = instant_or_null(last_answer_of(promise));
  json["retired_at"] = instant_or_null(end_of(promise));
  json["genesis"] = promise.genesis;
  json["notice_waived"] = promise.waived;
  if (!promise.reason.empty()) json["reason"] = promise.reason;
  return json;
}

Json changes_json(const std::vector<FeedRow>& rows) {
  struct Change {
    const PromiseChange* change;
    const std::string* entry;
  };
  std::vector<Change> changes;
  for (const FeedRow& row : rows)
    for (const PromiseChange& change : row.promise->changes) changes.push_back({&change, &row.promise->id});
  std::ranges::stable_sort(changes, [](const Change& a, const Change& b) {
    return std::tie(a.change->effective_at, *a.entry) < std::tie(b.change->effective_at, *b.entry);
  });
  Json json = Json::array();
  for (const Change& one : changes)
    json.push_back({{"entry", *one.entry},
                    {"change", one.change->change},
                    {"at", to_text(one.change->at)},
                    {"effective_at", to_text(one.change->effective_at)}});
  return json;
}

// Precondition: rows is not empty.
void add_meaning(Json& json, std::span<const PromisedSet> sets, const std::vector<FeedRow>& rows, Instant now) {
  const std::vector<const PromisedSet*> listed = sets_of(rows);
  json["policy"] = policy_json(common_policy(listed, now), track_record(sets));
  json["entries"] = Json::array();
  for (const FeedRow& row : rows) json["entries"].push_back(entry_json(row));
  json["changes"] = changes_json(rows);
  json["sets"] = Json::array();
  for (const PromisedSet* set : listed) json["sets"].push_back(set_json(*set, now));
}

}  // namespace

std::optional<std::string> feed_document(const FeedView& view) {
  const std::vector<FeedRow> rows = feed_rows(view.sets, view.now);
  if (rows.empty()) return std::nullopt;
  Json json;
  json["$schema"] = schema_reference;
  json["serial"] = view.stamp.serial;
  json["generated_at"] = to_text(view.stamp.generated_at);
  // The next change and not, say, now + max-age: it must not depend on when the bytes are rendered.
  json["valid_until"] = instant_or_null(next_feed_change(view.sets, view.now));
  json["syncToken"] = std::to_string(view.stamp.generated_at.seconds);
  json["createDate"] = create_date(view.stamp.generated_at);
  add_meaning(json, view.sets, rows, view.now);
  return json_text(json);
}

std::optional<std::string> feed_meaning(std::span<const PromisedSet> sets, Instant now) {
  const std::vector<FeedRow> rows = feed_rows(sets, now);
  if (rows.empty()) return std::nullopt;
  Json json;
  json["$schema"] = schema_reference;
  add_meaning(json, sets, rows, now);
  return json_text(json);
}

std::optional<Instant> next_feed_change(std::span<const PromisedSet> sets, Instant now) {
  std::optional<Instant> first;
  for (const PromisedSet& set : sets) {
    const std::optional<Instant> next = next_feed_change(set, now);
    if (next && (!first || *next < *first)) first = next;
  }
  return first;
}

std::string published_day(const Promise& promise) { return date_text(promise.published.instant); }

std::string enabled_day(const Promise& promise) {
  const bool is_that_day = promise.enabled.is_date && promise.enabled_at == promise.enabled.instant + hours(12);
  if (is_that_day) return date_text(promise.enabled.instant);
  // What came without notice has no day that is safe; it was not enabled before it was published.
  return date_text(std::max(promise.enabled_at - hours(12), promise.published.instant));
}

std::optional<std::string> retired_day(const Promise& promise) {
  if (promise.revoked_at || promise.cancelled_at) return date_text(*end_of(promise));
  if (!promise.retired) return std::nullopt;
  const DateOrInstant& retired = *promise.retired;
  if (retired.is_date) return date_text(retired.instant);
  return date_text(std::min(retired.instant + hours(14) + Duration{86399}, Instant::far_future()));
}

std::optional<Instant> last_answer_of(const Promise& promise) {
  if (!promise.revoked_at) return promise.last_answer_at;
  return std::min(promise.last_answer_at.value_or(*promise.revoked_at), *promise.revoked_at);
}

std::optional<Instant> end_of(const Promise& promise) {
  if (promise.revoked_at) return promise.revoked_at;
  return promise.cancelled_at ? promise.cancelled_at : promise.retired_at;
}

TrackRecord track_record(std::span<const PromisedSet> sets) {
  TrackRecord record;
  for (const PromisedSet& set : sets) {
    for (const Promise& promise : set.entries) {
      record.waivers += promise.waived;
      record.revoked += promise.revoked_at.has_value();
      if (promise.genesis || promise.cancelled_at) continue;
      const Duration notice = promise.enabled_at - promise.published_at;
      record.shortest_notice = std::min(record.shortest_notice.value_or(notice), notice);
    }
  }
  return record;
}

}  // namespace dnsd
