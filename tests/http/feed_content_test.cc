#include "dnsd/http/feed_content.h"

#include <gtest/gtest.h>

#include "dnsd/http/http_response.h"
#include "pinned_ips/feed/feed_document.h"
#include "pinned_ips/feed/formats.h"

namespace dnsd {
namespace {

const Instant now = *parse_instant("2026-11-21T12:00:00Z");

PinnedSet proxy() {
  PinnedSet set;
  set.name = "proxy";
  PinnedEntry entry;
  entry.cidr = *IpPrefix::parse("203.0.113.7/32");
  entry.published = *parse_date_or_instant("2026-11-01");
  entry.enabled = *parse_date_or_instant("2026-11-21T12:01:00Z");
  set.entries = {entry};
  return set;
}

TEST(FeedContent, HasThePageAndEveryFormat) {
  const PinnedSet set = proxy();
  const auto stamp = stamp_feed(std::nullopt, {&set, 1}, now);
  ASSERT_TRUE(stamp.ok() && stamp->has_value());
  const auto documents = feed_content({&set, 1}, *stamp, now);
  ASSERT_TRUE(documents);
  const HttpContent content{*documents, true, {}};
  ASSERT_NE(content.find("/"), nullptr);
  EXPECT_TRUE(content.find("/")->content_type.starts_with("text/html"));
  for (const FeedFormat& format : feed_formats()) {
    const HttpDocument* document = content.find(format.path);
    ASSERT_NE(document, nullptr) << format.path;
    EXPECT_EQ(document->plain.body, *format.render({{&set, 1}, **stamp, now}));
    EXPECT_EQ(document->content_type, format.content_type);
    EXPECT_EQ(document->last_modified, now);
    EXPECT_EQ(document->next_change, *parse_instant("2026-11-21T12:01:00Z"));
  }
}

TEST(FeedContent, WithoutEntriesTheFeedIsUnavailableAndThePageIsThere) {
  const HttpContent content{*feed_content({}, std::nullopt, now), true, {}};
  EXPECT_EQ(http_respond({"GET", "/ip-ranges.json", {}, {}, {}}, {&content, nullptr}, now).status, 503u);
  EXPECT_EQ(http_respond({"GET", "/", {}, {}, {}}, {&content, nullptr}, now).status, 200u);
}

}  // namespace
}  // namespace dnsd
