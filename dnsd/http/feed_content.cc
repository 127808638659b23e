#include "dnsd/http/feed_content.h"

#include "pinned_ips/feed/formats.h"
#include "pinned_ips/feed/page.h"
#include "pinned_ips/policy.h"

namespace dnsd {

Result<std::vector<HttpDocument>> feed_content(std::span<const PinnedSet> sets, const std::optional<FeedStamp>& stamp,
                                               Instant now) {
  DocumentTraits traits{"/", "text/html; charset=utf-8", stamp ? stamp->generated_at : now, feed_max_age,
                        next_feed_change(sets, now)};
  std::vector<HttpDocument> documents;
  Result<HttpDocument> page = make_document(traits, feed_page(sets, stamp, now));
  if (!page) return page.failure();
  documents.push_back(std::move(*page));
  for (const FeedFormat& format : feed_formats()) {
    traits.path = format.path;
    traits.content_type = format.content_type;
    std::optional<std::string> body;
    if (stamp) body = format.render({sets, *stamp, now});
    Result<HttpDocument> document = make_document(traits, body ? std::move(*body) : std::string());
    if (!document) return document.failure();
    documents.push_back(std::move(*document));
  }
  return documents;
}

}  // namespace dnsd
