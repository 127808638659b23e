#include "pinned_ips/feed/feed_document.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "pinned_ips/policy.h"
#include "pinned_ips/timeline.h"

namespace dnsd {
namespace {

using Json = nlohmann::ordered_json;

// Resolved against the document's own address, so that it holds wherever the feed is mounted or mirrored.
constexpr const char* schema_reference = "ip-ranges/ip-ranges.schema.json";

Json instant_or_null(std::optional<Instant> instant) { return instant ? Json(to_text(*instant)) : Json(); }

// "2026-11-02-09-00-00", the seed format's (and AWS's) way to write an instant.
std::string create_date(Instant instant) {
  std::string text = to_text(instant).substr(0, 19);
  std::replace(text.begin(), text.end(), ':', '-');
  std::replace(text.begin(), text.end(), 'T', '-');
  return text;
}

// One promise for the whole document: what holds for every set, hence the shortest notice, in full hours.
Json policy(const std::vector<FeedRow>& rows) {
  Duration notice = rows.front().set->notice;
  for (const FeedRow& row : rows) notice = std::min(notice, row.set->notice);
  Json json;
  json["notice_hours"] = notice.seconds / 3600;
  json["max_age_seconds"] = feed_max_age.seconds;
  json["quarantine_days"] = quarantine.seconds / 86400;
  json["max_entries"]["ipv4"] = max_entries_per_family;
  json["max_entries"]["ipv6"] = max_entries_per_family;
  return json;
}

Json entry_json(const FeedRow& row, Instant now) {
  const PinnedEntry& entry = *row.entry;
  const std::optional<std::string> retired = retired_day(entry);
  Json json;
  json["cidr"] = to_text(entry.cidr);
  json["class"] = entry.cidr.family() == Family::ipv4 ? "ipv4" : "ipv6";
  json["published"] = published_day(entry);
  json["enabled"] = enabled_day(entry);
  json["retired"] = retired ? Json(*retired) : Json();
  json["facility"] = entry.facility;
  json["set"] = row.set->name;
  json["id"] = row.id;
  json["state"] = std::string(to_text(state_at(entry, row.set->ttl, now)));
  json["published_at"] = to_text(published_at(entry));
  json["enabled_at"] = to_text(enabled_at(entry));
  json["last_answer_at"] = instant_or_null(last_answer_at(entry, row.set->ttl));
  json["retired_at"] = instant_or_null(retired_at(entry));
  json["genesis"] = false;
  json["notice_waived"] = false;
  return json;
}

struct Change {
  Instant effective_at;
  std::string entry;
  const char* change;
  Instant at;
};

// `at` is when the feed first said so: for all changes of an entry its announcement, the only record there is.
void add_changes(const FeedRow& row, std::vector<Change>& changes) {
  const Instant published = published_at(*row.entry);
  changes.push_back({published, row.id, "announced", published});
  changes.push_back({enabled_at(*row.entry), row.id, "enabled", published});
  if (const auto last = last_answer_at(*row.entry, row.set->ttl))
    changes.push_back({*last, row.id, "retiring", published});
}

Json changes_json(const std::vector<FeedRow>& rows) {
  std::vector<Change> changes;
  for (const FeedRow& row : rows) add_changes(row, changes);
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    return std::tie(a.effective_at, a.entry) < std::tie(b.effective_at, b.entry);
  });
  Json json = Json::array();
  for (const Change& change : changes) {
    Json one;
    one["entry"] = change.entry;
    one["change"] = change.change;
    one["at"] = to_text(change.at);
    one["effective_at"] = to_text(change.effective_at);
    json.push_back(std::move(one));
  }
  return json;
}

// Precondition: rows is not empty.
void add_meaning(Json& json, const std::vector<FeedRow>& rows, Instant now) {
  json["policy"] = policy(rows);
  json["entries"] = Json::array();
  for (const FeedRow& row : rows) json["entries"].push_back(entry_json(row, now));
  json["changes"] = changes_json(rows);
}

// Names of sets and facilities may hold octets that are no UTF-8: they are replaced, where dump() would throw.
std::string text_of(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

std::string row_id(const PinnedSet& set, const PinnedEntry& entry) {
  std::string id = set.name + "-" + to_text(entry.cidr) + "-" + published_day(entry);
  std::replace(id.begin() + static_cast<ptrdiff_t>(set.name.size()), id.end(), '/', '-');
  const size_t day = id.size() - 10;
  return id.substr(0, day) + id.substr(day, 4) + id.substr(day + 5, 2) + id.substr(day + 8, 2);
}

}  // namespace

std::optional<std::string> feed_document(const FeedView& view) {
  const std::vector<FeedRow> rows = feed_rows(view.sets);
  if (rows.empty()) return std::nullopt;
  Json json;
  json["$schema"] = schema_reference;
  json["serial"] = view.stamp.serial;
  json["generated_at"] = to_text(view.stamp.generated_at);
  // The next change and not, say, now + max-age: it must not depend on when the bytes are rendered.
  json["valid_until"] = instant_or_null(next_feed_change(view.sets, view.now));
  json["syncToken"] = std::to_string(view.stamp.generated_at.seconds);
  json["createDate"] = create_date(view.stamp.generated_at);
  add_meaning(json, rows, view.now);
  return text_of(json);
}

std::optional<std::string> feed_meaning(std::span<const PinnedSet> sets, Instant now) {
  const std::vector<FeedRow> rows = feed_rows(sets);
  if (rows.empty()) return std::nullopt;
  Json json;
  json["$schema"] = schema_reference;
  add_meaning(json, rows, now);
  return text_of(json);
}

std::optional<Instant> next_feed_change(std::span<const PinnedSet> sets, Instant now) {
  std::optional<Instant> first;
  for (const PinnedSet& set : sets) {
    const std::optional<Instant> next = next_state_change(set, now);
    if (next && (!first || *next < *first)) first = next;
  }
  return first;
}

Result<std::optional<FeedStamp>> stamp_feed(const std::optional<FeedStamp>& previous, std::span<const PinnedSet> sets,
                                            Instant now) {
  const std::optional<std::string> meaning = feed_meaning(sets, now);
  if (!meaning) return std::optional<FeedStamp>();
  const Result<std::string> digest = meaning_digest(*meaning);
  if (!digest) return digest.failure();
  return std::optional<FeedStamp>(next_stamp(previous, *digest, now));
}

std::vector<FeedRow> feed_rows(std::span<const PinnedSet> sets) {
  std::vector<FeedRow> rows;
  for (const PinnedSet& set : sets)
    for (const PinnedEntry& entry : set.entries) rows.push_back({&set, &entry, row_id(set, entry)});
  std::sort(rows.begin(), rows.end(), [](const FeedRow& a, const FeedRow& b) {
    return std::tie(a.set->name, a.entry->cidr, a.id) < std::tie(b.set->name, b.entry->cidr, b.id);
  });
  return rows;
}

std::string published_day(const PinnedEntry& entry) { return date_text(entry.published.instant); }

std::string enabled_day(const PinnedEntry& entry) {
  if (entry.enabled.is_date) return date_text(entry.enabled.instant);
  return date_text(entry.enabled.instant - hours(12));
}

std::optional<std::string> retired_day(const PinnedEntry& entry) {
  if (!entry.retired) return std::nullopt;
  const DateOrInstant& retired = *entry.retired;
  if (retired.is_date) return date_text(retired.instant);
  return date_text(std::min(retired.instant + hours(14) + Duration{86399}, Instant::far_future()));
}

}  // namespace dnsd
