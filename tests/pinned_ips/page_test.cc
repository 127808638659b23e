#include "pinned_ips/feed/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sets.h"

namespace dnsd {
namespace {

using testing::HasSubstr;
using testing::Not;

const Instant now = at("2026-11-21T12:00:00Z");
const FeedStamp stamp{42, at("2026-11-02T09:00:00Z"), std::string(64, 'a')};

TEST(Page, ListsPrefixStateAndDates) {
  PinnedSet set;
  set.name = "proxy";
  set.entries = {entry("192.0.2.77/32", "2025-12-01", "2026-01-01", "2027-01-15"),
                 entry("203.0.113.7/32", "2026-11-01", "2026-12-24")};
  const std::string html = feed_page({&set, 1}, stamp, now);
  EXPECT_THAT(html, HasSubstr("<h2>proxy</h2>"));
  EXPECT_THAT(html,
              HasSubstr("<span>192.0.2.77/32</span></td><td data-label=\"State\" class=\"active\"><span>active"));
  EXPECT_THAT(html, HasSubstr("<span>2026-12-24</span>"));
  EXPECT_THAT(html, HasSubstr("<span>2027-01-15</span>"));
  EXPECT_THAT(html, HasSubstr("Serial 42, since 2026-11-02T09:00:00Z. Next change 2026-12-24T12:00:00Z."));
  EXPECT_THAT(html, HasSubstr("href=\"ip-ranges.json\""));
}

TEST(Page, EscapesWhatOperatorsWrite) {
  PinnedSet set;
  set.name = "<script>alert('x')</script>";
  set.entries = {entry("192.0.2.77/32", "2025-12-01", "2026-01-01")};
  set.entries[0].facility = "a\"&b";
  const std::string html = feed_page({&set, 1}, stamp, now);
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
  EXPECT_THAT(html, HasSubstr("a&quot;&amp;b"));
}

TEST(Page, EverySetHasItsTableAndEveryTableIsClosed) {
  std::vector<PinnedSet> sets(3);
  for (size_t i = 0; i < sets.size(); ++i) {
    sets[i].name = "set" + std::to_string(i);
    sets[i].entries = {entry("192.0.2.7" + std::to_string(i) + "/32", "2025-12-01", "2026-01-01")};
  }
  const std::string html = feed_page(sets, stamp, now);
  const auto count = [&](std::string_view part) {
    size_t n = 0;
    for (size_t at = html.find(part); at != std::string::npos; at = html.find(part, at + 1)) ++n;
    return n;
  };
  EXPECT_EQ(count("<table>"), 3u);
  EXPECT_EQ(count("</table>"), 3u);
  EXPECT_EQ(count("<tbody>"), count("</tbody>"));
}

TEST(Page, WithoutEntriesItSaysSo) {
  EXPECT_THAT(feed_page({}, std::nullopt, now), HasSubstr("No prefix is listed."));
}

TEST(Page, NeedsNothingFromElsewhere) {
  const std::string html = feed_page({}, stamp, now);
  EXPECT_THAT(html, Not(HasSubstr("src=")));
  EXPECT_THAT(html, Not(HasSubstr("@import")));
  EXPECT_THAT(html, Not(HasSubstr("<link")));
}

}  // namespace
}  // namespace dnsd
