#include "pinned_ips/feed/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "feed_sample.h"
#include "pinned_ips/feed/page_html.h"
#include "pinned_ips/feed/page_timeline.h"

namespace dnsd {
namespace {

using sample::promise;
using sample::rich_sets;
using sample::view;
using testing::HasSubstr;
using testing::Not;

const FeedKeys keys = [] {
  std::array<uint8_t, 40> random;
  random.fill(7);
  const MinisignKey first = *make_minisign_key(random);
  random.fill(8);
  return FeedKeys({{sample::at("2026-01-01T00:00:00Z"), first},
                   {sample::at("2026-11-15T08:00:00Z"), *make_minisign_key(random)}});
}();

size_t count(const std::string& html, std::string_view part) {
  size_t n = 0;
  for (size_t at = html.find(part); at != std::string::npos; at = html.find(part, at + 1)) ++n;
  return n;
}

// tests/system/page_test.py shows these to a browser.
TEST(Page, GoldenBytes) {
  const std::vector<PromisedSet> sets = rich_sets();
  sample::expect_golden("page.html", feed_page(view(sets), keys));
}

TEST(Page, GoldenBytesOfAnEmptyOne) {
  sample::expect_golden("page_empty.html", feed_page({{}, {}, sample::now, {}}, FeedKeys()));
}

TEST(Page, ListsWhatIsToBeAllowedAndWhatIsToCome) {
  const std::vector<PromisedSet> sets = {
      sample::set_of("proxy", {promise("proxy-0001", "192.0.2.77/32", "2025-12-01", "2026-01-01"),
                               promise("proxy-0002", "203.0.113.7/32", "2026-11-01T09:00:00Z", "2026-12-24")})};
  const std::string html = feed_page(view(sets), keys);
  EXPECT_THAT(html, HasSubstr("<h3>proxy</h3>"));
  EXPECT_THAT(html, HasSubstr("<code>192.0.2.77/32</code></th><td role=\"cell\" data-label=\"State\"><span><span "
                              "class=\"active\">active</span></span></td>"));
  EXPECT_THAT(html, HasSubstr("<time datetime=\"2026-12-24T12:00:00Z\">2026-12-24 12:00 UTC</time>"));
  EXPECT_THAT(html, HasSubstr("in 32 d 2 h"));
  EXPECT_THAT(html, HasSubstr("Firewalls have to let it through before this instant."));
}

TEST(Page, ARevocationStandsFirst) {
  const std::vector<PromisedSet> sets = rich_sets();
  const std::string html = feed_page(view(sets), keys);
  const size_t alarm = html.find("Remove at once:");
  ASSERT_NE(alarm, std::string::npos);
  EXPECT_LT(alarm, html.find("<h2"));
  EXPECT_THAT(html.substr(alarm), HasSubstr("<code>198.51.100.10/32</code>, revoked"));
}

TEST(Page, EscapesWhatOperatorsWrite) {
  const std::vector<PromisedSet> sets = {sample::set_of(
      "<script>alert('x')</script>",
      {sample::revoked(sample::at_facility(promise("a-1", "192.0.2.77/32", "2026-01-01", "2026-02-01"), "<i>", "<u>"),
                       "2026-11-20T00:00:00Z"),
       sample::at_facility(promise("a-2", "192.0.2.78/32", "2026-11-01", "2026-12-24"), "a\"&b")})};
  const std::string html = feed_page(view(sets), keys);
  for (const char* raw : {"<script", "<i>", "<u>", "a\"&b"}) EXPECT_THAT(html, Not(HasSubstr(raw)));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
  EXPECT_THAT(html, HasSubstr("a&quot;&amp;b"));
}

TEST(Page, WithoutEntriesOrKeysItSaysSo) {
  const std::string html = feed_page({{}, {}, sample::now, {}}, FeedKeys());
  EXPECT_THAT(html, HasSubstr("No prefix is listed."));
  EXPECT_THAT(html, HasSubstr("Nothing is scheduled."));
  EXPECT_THAT(html, HasSubstr("This feed is not signed."));
}

TEST(Page, TheShownKeyIsTheOneThatSignsNow) {
  const std::string html = feed_page(view(rich_sets()), keys);
  EXPECT_THAT(html, HasSubstr("minisign -Vm ip-ranges.json -P " + key_text(keys.all()[0].key.public_key)));
  EXPECT_THAT(html, HasSubstr(key_text(keys.all()[1].key.public_key)));
}

TEST(Page, Countdowns) {
  const Instant now = sample::now;
  EXPECT_EQ(countdown(now + Duration{59}, now), "now");
  EXPECT_EQ(countdown(now + Duration{61}, now), "in 1 min");
  EXPECT_EQ(countdown(now + hours(3) + Duration{300}, now), "in 3 h 5 min");
  EXPECT_EQ(countdown(now + days(12) + hours(4), now), "in 12 d 4 h");
  EXPECT_EQ(countdown(now - hours(25), now), "1 d 1 h ago");
}

TEST(Timeline, DrawsWhatChangesAndNothingElse) {
  const std::vector<PromisedSet> sets = rich_sets();
  const std::string html = timeline_html(view(sets));
  EXPECT_THAT(html, HasSubstr("203.0.113.7/32"));
  for (const char* quiet : {"192.0.2.77/32", "198.51.100.9/32", "198.51.100.10/32", "192.0.2.101/32"})
    EXPECT_THAT(html, Not(HasSubstr(quiet)));
  EXPECT_EQ(count(html, "class=\"now\""), 6u);
}

TEST(Timeline, IsEmptyWhereNothingIsToCome) {
  const std::vector<PromisedSet> sets = {
      sample::set_of("proxy", {promise("proxy-0001", "192.0.2.77/32", "2025-12-01", "2026-01-01")})};
  EXPECT_EQ(timeline_html(view(sets)), "");
}

TEST(Timeline, SaysHowManyItLeavesOut) {
  std::vector<Promise> many;
  for (int i = 0; i < 40; ++i)
    many.push_back(
        promise("p-" + std::to_string(i), "192.0.2." + std::to_string(i) + "/32", "2026-11-01", "2026-12-24"));
  const std::vector<PromisedSet> sets = {sample::set_of("proxy", many)};
  EXPECT_THAT(timeline_html(view(sets)), HasSubstr("16 more in the table"));
}

}  // namespace
}  // namespace dnsd
