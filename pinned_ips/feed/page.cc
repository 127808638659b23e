#include "pinned_ips/feed/page.h"

#include "pinned_ips/feed/feed_document.h"
#include "pinned_ips/feed/feed_text.h"
#include "pinned_ips/feed/page_howto.h"
#include "pinned_ips/feed/page_html.h"
#include "pinned_ips/feed/page_style.h"
#include "pinned_ips/feed/page_tables.h"
#include "pinned_ips/feed/page_timeline.h"

namespace dnsd {
namespace {

std::string head() {
  return R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pinned addresses</title>
<link rel="alternate" type="application/atom+xml" title="Changes of pinned addresses" href="ip-ranges/changes.atom">
<style>)" +
         std::string(page_style()) + R"(</style>
</head>
<body>
<a class="skip" href="#content">To the addresses</a>
)";
}

std::string fact(std::string_view name, const std::string& html) {
  return "<div><dt>" + std::string(name) + "</dt><dd>" + html + "</dd></div>\n";
}

std::string header(const FeedView& view) {
  std::string html =
      "<header>\n<h1>Pinned addresses</h1>\n<p>What a firewall has to let through, and every change before "
      "it happens. An address enters or leaves only after it stood here for the whole notice.</p>\n";
  if (view.stamp.serial) {
    const std::optional<Instant> next = next_feed_change(view.sets, view.now);
    html += "<dl class=\"facts\">\n" + fact("Serial", std::to_string(view.stamp.serial)) +
            fact("Last change", time_html(view.stamp.generated_at)) +
            fact("Next change", next ? time_and_countdown_html(*next, view.now) : "none scheduled") + "</dl>\n";
  }
  return html + R"(<nav aria-label="On this page"><ul>
<li><a href="#allow">Allow now</a></li>
<li><a href="#changes">What changes when</a></li>
<li><a href="#subscribe">Subscribe</a></li>
<li><a href="#firewalls">Firewalls</a></li>
<li><a href="#verify">Verify</a></li>
<li><a href="#promise">The promise</a></li>
</ul></nav>
</header>
)";
}

std::string section(std::string_view id, std::string_view heading, const std::string& html) {
  const std::string name(id);
  return "<section aria-labelledby=\"" + name + "\">\n<h2 id=\"" + name + "\">" + std::string(heading) + "</h2>\n" +
         html + "</section>\n";
}

std::string changes(const FeedView& view) {
  const std::string removable = removable_table_html(view);
  return timeline_html(view) + coming_table_html(view) +
         (removable.empty() ? removable : "<h3>What may go</h3>\n" + removable);
}

std::string promise(const FeedView& view) {
  const TrackRecord record = track_record(view.sets);
  const std::string shortest = record.shortest_notice ? length_text(*record.shortest_notice) : "none given yet";
  std::string html = "<dl class=\"facts\">\n" + fact("Shortest notice ever given", shortest) +
                     fact("Enabled without the whole notice, ever", std::to_string(record.waivers)) +
                     fact("Lost or hijacked, ever", std::to_string(record.revoked)) + "</dl>\n";
  HtmlTable table("What each set promises.",
                  {"Set", "Notice", "Not listed again for", "Most IPv4", "Most IPv6", "Emergencies"});
  for (const PromisedSet& set : view.sets) {
    const PinnedPolicy& policy = set.policy_at(view.now);
    table.add({html_escaped(set.name), to_text(policy.notice), to_text(policy.quarantine) + " after it retired",
               std::to_string(policy.most(Family::ipv4)), std::to_string(policy.most(Family::ipv6)),
               policy.allow_waiver ? "may come without notice, and count for ever" : "never without notice"});
  }
  return html + (table.empty() ? std::string() : table.html());
}

}  // namespace

std::string feed_page(const FeedView& view, const FeedKeys& keys) {
  return head() + header(view) + "<main id=\"content\" tabindex=\"-1\">\n" + revoked_html(view) +
         section("allow", "Allow now", allow_tables_html(view)) +
         section("changes", "What changes when", changes(view)) +
         section("subscribe", "Subscribe", subscribe_html(view, keys)) +
         section("firewalls", "Copy into your firewall", firewalls_html(view)) +
         section("verify", "Verify", verify_html(view, keys)) +
         section("promise", "The state of the promise", promise(view)) + "</main>\n<footer>\n<p>Made at " +
         time_html(view.now) +
         "; “in” and “ago” count from then. All instants are UTC.</p>\n</footer>\n</body>\n</html>\n";
}

}  // namespace dnsd
