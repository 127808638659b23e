#include "pinned_ips/feed/page.h"

#include "pinned_ips/feed/feed_document.h"
#include "pinned_ips/feed/feed_text.h"
#include "pinned_ips/feed/formats.h"

namespace dnsd {
namespace {

constexpr std::string_view head = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Pinned addresses</title>
<style>
:root { --text: #1b1f24; --soft: #59636e; --line: #d1d9e0; --ground: #fff; --code: #f3f5f7;
  --good: #116329; --wait: #8a5a00; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6eaef; --soft: #9aa5b1; --line: #3a424b; --ground: #12161b; --code: #1d232a;
    --good: #5fd17f; --wait: #e2b04a; }
}
body { max-width: 60rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--text);
  background: var(--ground); }
h1 { font-size: 1.5rem; margin: .5rem 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p, caption { color: var(--soft); text-align: left; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .45rem .75rem .45rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; font-size: .875rem; }
code, pre, .cidr { font-family: ui-monospace, monospace; font-size: .9375rem; overflow-wrap: anywhere; }
pre { background: var(--code); padding: .75rem; border-radius: .375rem; overflow-x: auto; }
a { color: inherit; }
.active, .standby { color: var(--good); }
.announced, .draining { color: var(--wait); }
.retired { color: var(--soft); }
@media (max-width: 40rem) {
  thead { position: absolute; left: -999rem; }
  tr { display: block; padding: .6rem 0; border-bottom: 1px solid var(--line); }
  td { display: flex; gap: 1rem; padding: .1rem 0; border: 0; }
  td::before { content: attr(data-label); flex: 0 0 6rem; color: var(--soft); font-family: system-ui, sans-serif; }
}
</style>
</head>
<body>
<h1>Pinned addresses</h1>
)";

struct StateMeaning {
  PromiseState state;
  std::string_view words;
};
constexpr StateMeaning meanings[] = {
    {PromiseState::announced, "announced: allow it now, it will be answered"},
    {PromiseState::standby, "standby: allowed, may be answered at any time"},
    {PromiseState::active, "active: answered"},
    {PromiseState::draining, "draining: no longer answered, keep it until retired"},
    {PromiseState::retired, "retired: remove it"},
};

std::string cell(std::string_view label, std::string_view text, std::string_view kind = {}) {
  std::string html = "<td data-label=\"";
  html.append(label).append("\"");
  if (!kind.empty()) html.append(" class=\"").append(kind).append("\"");
  return html.append("><span>").append(text.empty() ? "–" : html_escaped(text)).append("</span></td>");
}

std::string row_html(const FeedRow& row) {
  const Promise& entry = *row.promise;
  const std::string state(to_text(row.state));
  return "<tr>" + cell("Prefix", to_text(entry.cidr), "cidr") + cell("State", state, state) +
         cell("Enabled", to_text(entry.enabled)) +
         cell("Retired", entry.retired ? to_text(*entry.retired) : std::string()) + cell("Facility", entry.facility) +
         "</tr>\n";
}

std::string set_heading(const PromisedSet& set, Instant now) {
  return "<h2>" + html_escaped(set.name) + "</h2>\n<table>\n<caption>Every change is announced at least " +
         to_text(set.policy_at(now).notice) + " before.</caption>\n<thead><tr><th>Prefix</th><th>State</th><th>Enabled</th>" +
         "<th>Retired</th><th>Facility</th></tr></thead>\n<tbody>\n";
}

// The rows come sorted by set.
std::string tables(const std::vector<FeedRow>& rows, Instant now) {
  std::string html;
  const PromisedSet* open = nullptr;
  for (const FeedRow& row : rows) {
    if (row.set != open) html.append(open ? "</tbody>\n</table>\n" : "").append(set_heading(*row.set, now));
    open = row.set;
    html += row_html(row);
  }
  return html + "</tbody>\n</table>\n<h2>States</h2>\n<ul>\n";
}

std::string legend() {
  std::string html;
  for (const StateMeaning& meaning : meanings)
    html.append("<li class=\"").append(to_text(meaning.state)).append("\">").append(meaning.words).append("</li>\n");
  return html +
         "</ul>\n<p>All dates are UTC. A prefix enabled on a day is answered from 12:00Z of that day; one retired "
         "on a day is in no cache from the moment that day begins anywhere.</p>\n";
}

std::string how_to_fetch() {
  std::string html = "<h2>For machines</h2>\n<ul>\n";
  for (const FeedFormat& format : feed_formats())
    html += "<li><a href=\"" + std::string(format.path.substr(1)) + "\"><code>" + std::string(format.path) +
            "</code></a> (" + std::string(format.content_type) + ")</li>\n";
  html += "</ul>\n<p>Ask every " + std::to_string(feed_max_age.seconds / 60) +
          " minutes and send the ETag back: an "
          "unchanged feed is then an empty 304. Keep the last good copy when the feed cannot be fetched.</p>\n"
          "<pre>curl --fail --etag-compare feed.etag --etag-save feed.etag \\\n  -o ip-ranges.json "
          "http://<var>this-host</var>/ip-ranges.json</pre>\n";
  return html;
}

}  // namespace

std::string feed_page(const FeedView& view) {
  std::string html(head);
  const std::vector<FeedRow> rows = feed_rows(view.sets, view.now);
  if (view.stamp.serial)
    html += "<p>Serial " + std::to_string(view.stamp.serial) + ", since " + to_text(view.stamp.generated_at) + ".</p>\n";
  html += rows.empty() ? "<p>No prefix is listed.</p>\n" : tables(rows, view.now) + legend();
  return html + how_to_fetch() + "</body>\n</html>\n";
}

}  // namespace dnsd
