#include "pinned_ips/import_feed.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "pinned_ips/may_apply.h"

namespace dnsd {
namespace {

using Json = nlohmann::json;

class EntryReader {
 public:
  explicit EntryReader(const Json& json) : json_(json) {}

  const std::string& wrong() const { return wrong_; }

  std::string text(const char* key) {
    const auto found = json_.find(key);
    if (found == json_.end() || found->is_null()) return {};
    if (found->is_string()) return found->get<std::string>();
    fail(key, "is no text");
    return {};
  }
  bool flag(const char* key) {
    const auto found = json_.find(key);
    return found != json_.end() && found->is_boolean() && found->get<bool>();
  }
  // The exact instant where there is one, else the day; what is missing is none.
  std::optional<DateOrInstant> moment(const char* key) {
    const std::string day = text(key);
    if (day.empty()) return std::nullopt;
    const Result<DateOrInstant> moment = parse_date_or_instant(day);
    if (moment) return *moment;
    fail(key, moment.failure().message);
    return std::nullopt;
  }
  void fail(const char* key, const std::string& what) {
    if (wrong_.empty()) wrong_ = std::string("\"") + key + "\": " + what;
  }

 private:
  const Json& json_;
  std::string wrong_;
};

// Our own documents have the exact instants besides the days; a day that stands for one is written as the instant.
DateOrInstant exact(EntryReader& in, const char* at_key, const DateOrInstant& day, Duration of_day) {
  const std::optional<DateOrInstant> at = in.moment(at_key);
  return !at || at->instant == day.instant + of_day ? day : *at;
}

Result<ImportedEntry> read_entry(const Json& json) {
  if (!json.is_object()) return Failure{"it is no object"};
  EntryReader in(json);
  ImportedEntry entry;
  entry.set = in.text("set");
  entry.id = in.text("id");
  entry.facility = in.text("facility");
  entry.reason = in.text("reason");
  entry.waived = in.flag("notice_waived");
  entry.revoked = in.text("state") == "revoked";
  const Result<IpPrefix> cidr = IpPrefix::parse(in.text("cidr"));
  if (cidr) entry.cidr = *cidr;
  else in.fail("cidr", cidr.failure().message);
  const std::optional<DateOrInstant> published = in.moment("published"), enabled = in.moment("enabled");
  if (!published) in.fail("published", "is missing");
  if (!enabled) in.fail("enabled", "is missing");
  if (!in.wrong().empty()) return Failure{in.wrong()};
  entry.published = *published;
  if (const auto at = in.moment("published_at")) entry.published = *at;
  entry.enabled = exact(in, "enabled_at", *enabled, hours(12));
  // A revoked row says that it is retired since then, for readers that know no states.
  if (const auto retired = in.moment("retired"); retired && !entry.revoked)
    entry.retired = exact(in, "retired_at", *retired, hours(36));
  if (!in.wrong().empty()) return Failure{in.wrong()};
  return entry;
}

}  // namespace

Result<ImportedFeed> parse_feed(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return Failure{"this is no JSON"};
  const bool is_document = json.is_object() && json.contains("entries");
  const Json& entries = is_document ? json["entries"] : json;
  if (!entries.is_array()) return Failure{"there is no list of \"entries\""};
  ImportedFeed feed;
  if (is_document && json.contains("serial") && json["serial"].is_number_unsigned())
    feed.serial = json["serial"].get<uint64_t>();
  for (size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].is_object() && entries[i].value("state", Json()) == "cancelled") continue;
    Result<ImportedEntry> entry = read_entry(entries[i]);
    if (!entry) return Failure{"entry " + std::to_string(i + 1) + ": " + entry.failure().message};
    feed.entries.push_back(std::move(*entry));
  }
  if (feed.entries.empty()) return Failure{"there is no entry in it"};
  return feed;
}

Result<std::vector<LedgerRecord>> imported_records(const ImportedFeed& feed, const std::vector<ImportedSet>& sets,
                                                   Instant now, const std::string& actor) {
  History history;
  std::vector<LedgerRecord> records;
  std::string refused;
  const auto grant = [&](const PinEdit& edit, const std::string& what) {
    const uint64_t batch = records.empty() ? 0 : 1;
    if (const std::optional<Refusal> refusal = may_apply(history, edit, now, batch)) {
      refused += (refused.empty() ? "" : "\n") + what + ": " + refusal->reason;
      return;
    }
    LedgerRecord record = record_of(history, edit, now, actor, batch);
    if (const Status applied = apply(history, record); !applied) {
      refused += (refused.empty() ? "" : "\n") + what + ": " + applied.failure().message;
      return;
    }
    records.push_back(std::move(record));
  };
  grant({.kind = EditKind::begin, .serial = feed.serial}, "the beginning");
  for (const ImportedSet& set : sets)
    grant({.kind = EditKind::policy, .set = set.name, .policy = set.policy}, "the set '" + set.name + "'");
  for (const ImportedEntry& entry : feed.entries) {
    const auto set = std::ranges::find(sets, entry.set, &ImportedSet::name);
    PinEdit edit{.kind = EditKind::announce, .set = entry.set, .entry = entry.id, .cidr = entry.cidr};
    edit.facility = entry.facility;
    edit.reason = entry.reason;
    edit.enabled = entry.enabled;
    edit.retired = entry.retired;
    edit.published = entry.published;
    edit.ttl = set == sets.end() ? 300 : set->ttl;
    edit.genesis = true;
    edit.waived = entry.waived;
    if (entry.cidr.is_single()) edit.addresses = {entry.cidr.address()};
    grant(edit, to_text(entry.cidr));
    if (entry.revoked && !records.empty())
      grant({.kind = EditKind::revoke, .set = entry.set, .entry = records.back().edit.entry, .reason = entry.reason},
            to_text(entry.cidr));
  }
  if (!refused.empty()) return Failure{refused};
  return records;
}

}  // namespace dnsd
