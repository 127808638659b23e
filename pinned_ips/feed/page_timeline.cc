#include "pinned_ips/feed/page_timeline.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "pinned_ips/feed/feed_text.h"
#include "pinned_ips/feed/moments.h"
#include "pinned_ips/feed/page_html.h"

namespace dnsd {
namespace {

constexpr size_t most_lines = 24;
constexpr Duration shortest_window = days(14), longest_window = days(180);

// The part of time that is drawn.
struct Window {
  Instant begin, end;
  double share(Instant at) const {
    const double part = static_cast<double>((at - begin).seconds) / static_cast<double>((end - begin).seconds);
    return 100 * std::clamp(part, 0.0, 1.0);
  }
};

std::string percent(double share) {
  char text[16];
  std::snprintf(text, sizeof text, "%.2f%%", share);
  return text;
}

std::string bar(const Window& window, Instant from, Instant until, const char* kind) {
  const double left = window.share(from), right = window.share(until);
  if (right - left < 0.01) return {};
  return "<rect class=\"" + std::string(kind) + "\" x=\"" + percent(left) + "\" y=\"20%\" width=\"" +
         percent(right - left) + "\" height=\"60%\"/>";
}

std::string now_line(const Window& window, Instant now) {
  const std::string x = percent(window.share(now));
  return "<line class=\"now\" x1=\"" + x + "\" y1=\"0\" x2=\"" + x + "\" y2=\"100%\"/>";
}

std::string bars(const Promise& promise, const Window& window) {
  const Instant last = promise.last_answer_at.value_or(window.end);
  std::string html = "<rect class=\"track\" y=\"45%\" width=\"100%\" height=\"10%\"/>";
  html += bar(window, promise.published_at, promise.enabled_at, "said");
  html += bar(window, promise.enabled_at, last, "answered");
  return promise.retired_at ? html + bar(window, last, *promise.retired_at, "ending") : html;
}

// "24 Dec"
std::string day_text(Instant instant) {
  static constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::string date = date_text(instant);
  return std::to_string(std::stoi(date.substr(8))) + " " +
         months[static_cast<size_t>(std::stoi(date.substr(5, 2)) - 1)];
}

// Marks at midnights, far enough from each other, from "now" and from the ends to be read on a phone.
std::string axis(const Window& window, Instant now) {
  int64_t step = 1;
  const int64_t whole = (window.end - window.begin).seconds / 86400;
  for (const int64_t longer : {2, 7, 14, 28, 56})
    if (whole / step > 6) step = longer;
  std::string html =
      "<li class=\"axis\"><span></span><svg><text class=\"today\" y=\"80%\" text-anchor=\"middle\" x=\"" +
      percent(window.share(now)) + "\">now</text>";
  for (Instant day{now.seconds / 86400 * 86400 + step * 86400}; day < window.end; day = day + days(step))
    if (const double share = window.share(day); share - window.share(now) > 8 && share < 93)
      html += "<text y=\"80%\" text-anchor=\"middle\" x=\"" + percent(share) + "\">" + day_text(day) + "</text>";
  return html + "</svg></li>\n";
}

std::string line(const FeedRow& row, const Window& window, Instant now) {
  return "<li><span>" + code_html(to_text(row.promise->cidr)) + " <span class=\"soft\">" +
         html_escaped(row.set->name) + "</span></span><svg>" + bars(*row.promise, window) + now_line(window, now) +
         "</svg></li>\n";
}

std::string key(const char* kind, const char* words) {
  return "<span class=\"key\"><svg><rect class=\"" + std::string(kind) + "\"/></svg>" + words + "</span> ";
}

constexpr std::string_view patterns =
    "<svg class=\"patterns\"><defs>"
    "<pattern id=\"coming\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
    "<line class=\"hatch\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"7\"/></pattern>"
    "<pattern id=\"going\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(-45)\">"
    "<line class=\"hatch\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"7\"/></pattern></defs></svg>";

}  // namespace

std::string timeline_html(const FeedView& view) {
  std::vector<FeedRow> rows;
  Instant last = view.now + shortest_window;
  for (const Moment& moment : moments(view.sets, view.now)) {
    if (moment.is_off || moment.at <= view.now) continue;
    const bool is_known =
        std::ranges::any_of(rows, [&](const FeedRow& row) { return row.promise == moment.row.promise; });
    if (!is_known) rows.push_back(moment.row);
    last = std::max(last, std::min(moment.at, view.now + longest_window));
  }
  if (rows.empty()) return {};
  const int64_t length = (last - view.now).seconds;
  const Window window{view.now - Duration{length / 8}, last + Duration{length / 20}};
  std::string html = "<figure aria-hidden=\"true\">\n" + std::string(patterns) + "\n<ul class=\"lines\">\n";
  html += axis(window, view.now);
  for (size_t i = 0; i < std::min(rows.size(), most_lines); ++i) html += line(rows[i], window, view.now);
  html += "</ul>\n<figcaption>" + key("said", "announced: allow it") + key("answered", "may be answered") +
          key("ending", "no longer answered: keep it");
  if (rows.size() > most_lines) html += " · " + std::to_string(rows.size() - most_lines) + " more in the table";
  return html + "</figcaption>\n</figure>\n";
}

}  // namespace dnsd
