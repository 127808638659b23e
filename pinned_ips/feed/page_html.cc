#include "pinned_ips/feed/page_html.h"

#include "pinned_ips/feed/feed_text.h"

namespace dnsd {

std::string time_html(Instant instant) {
  const std::string exact = to_text(instant);
  const size_t length = exact.substr(17, 2) == "00" ? 5 : 8;
  return "<time datetime=\"" + exact + "\">" + exact.substr(0, 10) + " " + exact.substr(11, length) + " UTC</time>";
}

std::string length_text(Duration length) {
  const int64_t minutes = length.seconds / 60, full_hours = minutes / 60, full_days = full_hours / 24;
  if (full_days) return std::to_string(full_days) + " d " + std::to_string(full_hours % 24) + " h";
  if (full_hours) return std::to_string(full_hours) + " h " + std::to_string(minutes % 60) + " min";
  return std::to_string(minutes) + " min";
}

std::string countdown(Instant when, Instant now) {
  const Duration distance = when < now ? now - when : when - now;
  if (distance < Duration{60}) return "now";
  return when < now ? length_text(distance) + " ago" : "in " + length_text(distance);
}

std::string countdown_html(Instant when, Instant now) {
  return "<span class=\"in\">" + countdown(when, now) + "</span>";
}

std::string time_and_countdown_html(Instant when, Instant now) {
  return time_html(when) + " <span class=\"in soft\">" + countdown(when, now) + "</span>";
}

std::string code_html(std::string_view text) { return "<code>" + html_escaped(text) + "</code>"; }

HtmlTable::HtmlTable(std::string_view caption, std::vector<std::string_view> columns)
    : caption_(caption), columns_(std::move(columns)) {}

void HtmlTable::add(std::initializer_list<std::string> cells) {
  rows_ += "<tr role=\"row\">";
  size_t column = 0;
  for (const std::string& cell : cells) {
    const std::string content = cell.empty() ? "<span class=\"none\">–</span>" : cell;
    if (column == 0)
      rows_ += "<th role=\"rowheader\" scope=\"row\">" + content + "</th>";
    else
      rows_ += "<td role=\"cell\"" + std::string(cell.empty() ? " class=\"empty\"" : "") + " data-label=\"" +
               std::string(columns_[column]) + "\"><span>" + content + "</span></td>";
    ++column;
  }
  rows_ += "</tr>\n";
}

std::string HtmlTable::html() const {
  std::string head;
  for (const std::string_view column : columns_)
    head += "<th role=\"columnheader\" scope=\"col\">" + std::string(column) + "</th>";
  return "<table role=\"table\">\n<caption>" + caption_ + "</caption>\n<thead role=\"rowgroup\"><tr role=\"row\">" +
         head + "</tr></thead>\n<tbody role=\"rowgroup\">\n" + rows_ + "</tbody>\n</table>\n";
}

}  // namespace dnsd
