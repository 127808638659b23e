#include "dnsd/http/feed_content.h"

#include <gtest/gtest.h>

#include "dnsd/http/http_response.h"
#include "pinned_ips/feed/feed_document.h"
#include "pinned_ips/feed/formats.h"
#include "pinned_ips/reconcile.h"

namespace dnsd {
namespace {

const Instant began = *parse_instant("2026-11-02T12:00:00Z"), now = *parse_instant("2026-11-21T12:00:00Z");

// One address that stood there before, and one that is announced.
FeedSource source_with(bool with_key) {
  PinnedSet set;
  set.name = "proxy";
  PinnedEntry before, coming;
  before.cidr = *IpPrefix::parse("203.0.113.7/32");
  before.enabled = *parse_date_or_instant("2026-01-01");
  coming.cidr = *IpPrefix::parse("203.0.113.8/32");
  coming.enabled = *parse_date_or_instant("2026-11-21T12:01:00Z");
  set.entries = {before, coming};
  Diagnostics diagnostics;
  const Reconciled granted = reconcile({}, {&set, 1}, began, "test", {}, diagnostics);
  EXPECT_TRUE(diagnostics.empty()) << to_text(diagnostics);
  Result<Chronicle> chronicle = Chronicle::of(granted.records, now);
  EXPECT_TRUE(chronicle);
  FeedKeys keys;
  const std::array<uint8_t, 40> random{1, 2, 3};
  if (with_key) keys = FeedKeys({{began, *make_minisign_key(random)}});
  return {std::make_shared<const Chronicle>(std::move(*chronicle)), std::make_shared<const FeedKeys>(keys), ""};
}

HttpResponse get(const HttpContent& content, std::string_view path, std::optional<std::string> since = {}) {
  HttpRequest request;
  request.method = "GET";
  request.path = path;
  if (since) request.arguments = {{"since", *since}};
  return http_respond(request, {&content, nullptr}, now);
}

TEST(FeedContent, HasThePageAndEveryFormatWithItsSignature) {
  const FeedSource source = source_with(true);
  const auto content = feed_content(source, now);
  ASSERT_TRUE(content);
  ASSERT_NE((*content)->find("/"), nullptr);
  const std::optional<IssuedFeed> feed = issued(*source.chronicle, source.chronicle->issue_at_end());
  for (const FeedFormat& format : feed_formats()) {
    const HttpDocument* document = (*content)->find(format.path);
    ASSERT_NE(document, nullptr) << format.path;
    const std::optional<std::string> body = format.render(feed->view(""));
    EXPECT_EQ(document->plain.body, body.value_or("")) << format.path;
    EXPECT_EQ(document->content_type, format.content_type);
    EXPECT_EQ(document->last_modified, began);
    EXPECT_EQ(document->next_change, *parse_instant("2026-11-21T12:01:00Z"));
    const HttpDocument* signature = (*content)->find(std::string(format.path) + ".minisig");
    ASSERT_NE(signature, nullptr) << format.path;
    if (!body) continue;
    const auto comment = verify_minisign(*body, signature->plain.body, source.keys->all()[0].key.public_key);
    ASSERT_TRUE(comment) << format.path;
    EXPECT_TRUE(comment->starts_with("serial:1 generated:2026-11-02T12:00:00Z")) << *comment;
  }
}

TEST(FeedContent, WithoutEntriesTheFeedIsUnavailableAndThePageIsThere) {
  const FeedSource source{std::make_shared<const Chronicle>(), std::make_shared<const FeedKeys>(), ""};
  const auto content = feed_content(source, now);
  ASSERT_TRUE(content);
  EXPECT_EQ(get(**content, "/ip-ranges.json").status, 503u);
  EXPECT_EQ(get(**content, "/ip-ranges/changes.json", "0").status, 503u);
  EXPECT_EQ(get(**content, "/").status, 200u);
}

TEST(FeedContent, SnapshotsAreImmutableAndOthersSayWhy) {
  const auto content = feed_content(source_with(true), now);
  const HttpResponse snapshot = get(**content, "/ip-ranges/snapshots/1.json");
  EXPECT_EQ(snapshot.status, 200u);
  EXPECT_EQ(get(**content, "/ip-ranges/snapshots/1.json.minisig").status, 200u);
  EXPECT_EQ(get(**content, "/ip-ranges/snapshots/2.json").status, 404u);
  EXPECT_EQ(get(**content, "/ip-ranges/snapshots/0.json").status, 400u);
  EXPECT_EQ(get(**content, "/ip-ranges/snapshots/01.json").status, 400u);
  EXPECT_EQ(get(**content, "/ip-ranges/snapshots/x.json").status, 400u);
}

TEST(FeedContent, AnyInstantCanBeAskedFor) {
  const auto content = feed_content(source_with(false), now);
  EXPECT_EQ(get(**content, "/ip-ranges/at/2026-11-02T11:59:59Z.json").status, 404u);
  EXPECT_EQ(get(**content, "/ip-ranges/at/2026-11-10.json").status, 200u);
  EXPECT_EQ(get(**content, "/ip-ranges/at/2026-12-24T00:00:00Z.json").status, 200u);
  EXPECT_EQ(get(**content, "/ip-ranges/at/then.json").status, 400u);
}

TEST(FeedContent, ChangesSinceASerial) {
  const auto content = feed_content(source_with(false), now);
  EXPECT_EQ(get(**content, "/ip-ranges/changes.json", "0").status, 200u);
  EXPECT_EQ(get(**content, "/ip-ranges/changes.json", "2").status, 404u);
  EXPECT_EQ(get(**content, "/ip-ranges/changes.json", "one").status, 400u);
  EXPECT_EQ(get(**content, "/ip-ranges/changes.json").status, 400u);
}

}  // namespace
}  // namespace dnsd
