#include "pinned_ips/feed/page_tables.h"

#include "pinned_ips/feed/feed_document.h"
#include "pinned_ips/feed/feed_text.h"
#include "pinned_ips/feed/moments.h"
#include "pinned_ips/feed/page_html.h"

namespace dnsd {
namespace {

constexpr Duration alarm_for = days(30);  // a revocation stays at the top of the page

std::string state_html(const FeedRow& row) {
  const std::string state(to_text(row.state));
  std::string html = "<span class=\"" + state + "\">" + state + "</span>";
  return row.promise->waived ? html + " <span class=\"soft\">(without notice)</span>" : html;
}

std::string from_html(const FeedRow& row, Instant now) {
  const Promise& promise = *row.promise;
  if (promise.enabled_at <= now) return time_html(promise.enabled_at);
  return time_and_countdown_html(promise.enabled_at, now);
}

std::string until_html(const FeedRow& row, Instant now) {
  return row.promise->retired_at ? time_and_countdown_html(*row.promise->retired_at, now) : std::string();
}

std::string allow_table(const PromisedSet& set, const std::vector<FeedRow>& rows, Instant now) {
  HtmlTable table("Changes are announced at least " + to_text(set.policy_at(now).notice) + " before.",
                  {"Prefix", "State", "Answered from", "Keep until", "Facility"});
  for (const FeedRow& row : rows)
    if (row.set == &set && is_live(row.state))
      table.add({code_html(to_text(row.promise->cidr)), state_html(row), from_html(row, now), until_html(row, now),
                 html_escaped(row.promise->facility)});
  return table.empty() ? std::string() : "<h3>" + html_escaped(set.name) + "</h3>\n" + table.html();
}

constexpr std::string_view meanings = R"(<details><summary>What the states mean</summary>
<ul>
<li><span class="announced">announced</span>: allow it now; it will be answered from the instant shown</li>
<li><span class="standby">standby</span>: may be answered at any time, in place of another</li>
<li><span class="active">active</span>: is answered</li>
<li><span class="draining">draining</span>: no longer answered, but caches and open connections may still use it</li>
</ul>
</details>
)";

// What a firewall's administrator reads in a line of the table of what may go.
std::string why_gone(const FeedRow& row) {
  std::string text(row.state == PromiseState::quarantined ? "retired, and not listed again yet" : to_text(row.state));
  return row.promise->reason.empty() ? text : text + ": " + row.promise->reason;
}

}  // namespace

std::string allow_tables_html(const FeedView& view) {
  const std::vector<FeedRow> rows = feed_rows(view.sets, view.now);
  std::string html;
  const PromisedSet* done = nullptr;
  for (const FeedRow& row : rows) {
    if (row.set == done) continue;
    done = row.set;
    html += allow_table(*row.set, rows, view.now);
  }
  return html.empty() ? "<p>No prefix is listed.</p>\n" : html + std::string(meanings);
}

std::string revoked_html(const FeedView& view) {
  std::string items;
  for (const FeedRow& row : feed_rows(view.sets, view.now)) {
    if (row.state != PromiseState::revoked || *row.promise->revoked_at + alarm_for <= view.now) continue;
    items += "<li>" + code_html(to_text(row.promise->cidr)) + ", revoked " + time_html(*row.promise->revoked_at);
    items += row.promise->reason.empty() ? "</li>\n" : ": " + html_escaped(row.promise->reason) + "</li>\n";
  }
  if (items.empty()) return {};
  return "<section class=\"alarm\" aria-label=\"Remove at once\">\n<p><strong>Remove at once:</strong> lost or in "
         "other "
         "hands.</p>\n<ul>\n" +
         items + "</ul>\n</section>\n";
}

std::string removable_table_html(const FeedView& view) {
  HtmlTable table("These may be removed. They stay listed for a while, so that nobody misses it.",
                  {"Prefix", "Why", "Since", "Set"});
  for (const FeedRow& row : feed_rows(view.sets, view.now))
    if (!is_live(row.state))
      table.add({code_html(to_text(row.promise->cidr)), html_escaped(why_gone(row)), time_html(*end_of(*row.promise)),
                 html_escaped(row.set->name)});
  return table.empty() ? std::string() : table.html();
}

std::string coming_table_html(const FeedView& view) {
  HtmlTable table("What is to come, soonest first.", {"When", "In", "Prefix", "What happens", "What to do"});
  for (const Moment& moment : moments(view.sets, view.now)) {
    if (moment.is_off || moment.at <= view.now) continue;
    const std::string prefix = code_html(to_text(moment.row.promise->cidr));
    std::string what = headline(moment);
    what.erase(0, what.find(") ") + 2);  // the prefix and the set stand beside it
    table.add({time_html(moment.at), countdown_html(moment.at, view.now),
               prefix + " <span class=\"soft\">" + html_escaped(moment.row.set->name) + "</span>", html_escaped(what),
               html_escaped(advice(moment))});
  }
  if (table.empty()) return "<p>Nothing is scheduled. Whatever comes is announced here first.</p>\n";
  return table.html();
}

}  // namespace dnsd
