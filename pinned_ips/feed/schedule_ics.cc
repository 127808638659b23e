#include "pinned_ips/feed/schedule_ics.h"

#include "pinned_ips/feed/feed_text.h"
#include "pinned_ips/feed/moments.h"

namespace dnsd {
namespace {

constexpr size_t most_octets = 75;  // of a line, without its end (RFC 5545 3.1)

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Folds between characters, never inside one.
void add_line(std::string& text, std::string_view line) {
  size_t room = most_octets;
  while (line.size() > room) {
    size_t length = room;
    while (length > 1 && is_continuation(line[length])) --length;
    text.append(line.substr(0, length)).append("\r\n ");
    line.remove_prefix(length);
    room = most_octets - 1;  // the space is of the line
  }
  text.append(line).append("\r\n");
}

// RFC 5545 3.3.11
std::string escaped(std::string_view words) {
  std::string text;
  for (const char c : words) {
    if (c == '\\' || c == ';' || c == ',') text += '\\';
    text += c;
  }
  return text;
}

// "20261117T120000Z"
std::string basic(Instant instant) {
  std::string text = to_text(instant);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

std::string description(const Moment& moment) {
  const Promise& promise = *moment.row.promise;
  std::string text = advice(moment) + " Entry " + promise.id;
  if (!promise.facility.empty()) text += " at " + promise.facility;
  return promise.reason.empty() ? text + "." : text + ". Reason: " + promise.reason;
}

void add_event(std::string& text, const Moment& moment, const FeedView& view) {
  const Promise& promise = *moment.row.promise;
  add_line(text, "BEGIN:VEVENT");
  add_line(text, "UID:" + entry_uuid(promise, to_text(moment.kind)));
  add_line(text, "DTSTAMP:" + basic(view.stamp.generated_at));
  // Each thing that was said about the entry after its announcement may have moved the event.
  add_line(text, "SEQUENCE:" + std::to_string(promise.changes.empty() ? 0 : promise.changes.size() - 1));
  add_line(text, "DTSTART:" + basic(moment.at));
  add_line(text, "SUMMARY:" + escaped(headline(moment)));
  add_line(text, "DESCRIPTION:" + escaped(description(moment)));
  add_line(text, "CATEGORIES:" + escaped(to_text(moment.kind)));
  add_line(text, moment.is_off ? "STATUS:CANCELLED" : "STATUS:CONFIRMED");
  add_line(text, "TRANSP:TRANSPARENT");
  if (!view.public_url.empty()) add_line(text, "URL:" + std::string(view.public_url) + "/");
  add_line(text, "END:VEVENT");
}

}  // namespace

std::optional<std::string> schedule_ics(const FeedView& view) {
  const std::vector<Moment> events = moments(view.sets, view.now);
  if (events.empty()) return std::nullopt;
  std::string text;
  for (const char* line :
       {"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//dnsd//ip-ranges//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        "X-WR-CALNAME:Changes of pinned addresses", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"})
    add_line(text, line);
  for (const Moment& moment : events) add_event(text, moment, view);
  add_line(text, "END:VCALENDAR");
  return text;
}

}  // namespace dnsd
