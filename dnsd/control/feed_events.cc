#include "dnsd/control/feed_events.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "pinned_ips/feed/digest.h"
#include "pinned_ips/feed/feed_document.h"

namespace dnsd {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view cursor_head = "serial ", cursor_middle = ", ";

// What is said of one entry.
struct Said {
  std::string id, type;
  uint64_t serial;
  Instant timestamp;
  std::string set, entry;
  Instant effective_at;
};

class Bodies {
 public:
  Bodies(const Chronicle& chronicle, const std::string& public_url) : chronicle_(chronicle), public_url_(public_url) {}

  Result<WebhookEvent> event(const Said& said) {
    const Result<std::string> digest = digest_of(said.serial);
    if (!digest) return digest.failure();
    const Json body = {{"type", said.type},
                       {"timestamp", to_text(said.timestamp)},
                       {"data",
                        {{"serial", said.serial},
                         {"snapshot", public_url_ + "/ip-ranges/snapshots/" + std::to_string(said.serial) + ".json"},
                         {"sha256", *digest},
                         {"set", said.set},
                         {"entry", said.entry},
                         {"effective_at", to_text(said.effective_at)}}}};
    return WebhookEvent{said.id, said.type, body.dump(-1, ' ', true, Json::error_handler_t::replace)};
  }

 private:
  Result<std::string> digest_of(uint64_t serial) {
    const auto known = digests_.find(serial);
    if (known != digests_.end()) return known->second;
    const std::optional<IssuedFeed> feed = issued(chronicle_, chronicle_.issue(serial));
    const Result<Sha256> digest = sha256(feed ? feed_document(feed->view(public_url_)).value_or("") : std::string());
    if (!digest) return digest.failure();
    return digests_[serial] = hex(*digest);
  }

  const Chronicle& chronicle_;
  const std::string& public_url_;
  std::map<uint64_t, std::string> digests_;
};

// Sets may have dots in their names, ids of events may not.
std::string id_of(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_'; }, '_');
  return text;
}

std::vector<Said> changes_after(const Chronicle& chronicle, uint64_t serial) {
  std::vector<Said> all;
  for (const FeedEvent& event : chronicle.events_since(serial)) {
    if (event.kind == FeedEvent::Kind::draining) continue;  // its reminders have said so
    const std::string kind(to_text(event.kind));
    all.push_back({id_of("evt_" + std::to_string(event.serial) + "_" + event.entry + "_" + kind), "iprange." + kind,
                   event.serial, event.at, event.set, event.entry, event.effective_at});
  }
  return all;
}

void add_reminders(const PromisedSet& set, const Promise& promise, Instant moment, const EventCursor& cursor, Instant now,
                   uint64_t serial, std::vector<Said>& out) {
  for (const int64_t ahead : {14, 7, 1}) {
    const Instant due = moment - days(ahead);
    const Instant known = promise.changes.empty() ? promise.published_at : promise.changes.back().at;
    if (due <= cursor.at || due > now || due <= known) continue;
    out.push_back({id_of("evt_" + promise.id + "_reminder_" + std::to_string(ahead) + "d_" + std::to_string(moment.seconds)),
                   "iprange.reminder", serial, due, set.name, promise.id, moment});
  }
}

std::vector<Said> reminders(const Chronicle& chronicle, const EventCursor& cursor, Instant now) {
  std::vector<Said> all;
  if (chronicle.issues().empty()) return all;
  const uint64_t serial = chronicle.issue_at_end()->stamp.serial;
  for (const PromisedSet& set : chronicle.history().sets) {
    for (const Promise& promise : set.entries) {
      if (promise.cancelled_at || promise.revoked_at) continue;
      add_reminders(set, promise, promise.enabled_at, cursor, now, serial, all);
      if (promise.last_answer_at) add_reminders(set, promise, *promise.last_answer_at, cursor, now, serial, all);
    }
  }
  std::ranges::stable_sort(all, {}, &Said::timestamp);
  return all;
}

}  // namespace

std::string to_text(const EventCursor& cursor) {
  return std::string(cursor_head) + std::to_string(cursor.serial) + std::string(cursor_middle) + to_text(cursor.at);
}

Result<EventCursor> parse_event_cursor(std::string_view text) {
  const Failure wrong{"'" + printable(text) + "' does not say how far the feed was told"};
  if (!text.starts_with(cursor_head)) return wrong;
  EventCursor cursor;
  const std::string_view rest = text.substr(cursor_head.size());
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), cursor.serial);
  const std::string_view instant = rest.substr(static_cast<size_t>(end - rest.data()));
  if (error != std::errc() || !instant.starts_with(cursor_middle)) return wrong;
  const Result<Instant> at = parse_instant(instant.substr(cursor_middle.size()));
  if (!at) return wrong;
  cursor.at = *at;
  return cursor;
}

Result<std::vector<WebhookEvent>> feed_events(const Chronicle& chronicle, const EventCursor& cursor, Instant now,
                                              const std::string& public_url) {
  std::vector<Said> all = changes_after(chronicle, cursor.serial);
  const std::vector<Said> coming = reminders(chronicle, cursor, now);
  all.insert(all.end(), coming.begin(), coming.end());
  std::vector<WebhookEvent> events;
  Bodies bodies(chronicle, public_url);
  for (const Said& said : all) {
    Result<WebhookEvent> event = bodies.event(said);
    if (!event) return event.failure();
    events.push_back(std::move(*event));
  }
  return events;
}

}  // namespace dnsd
