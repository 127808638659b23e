// What every view of the feed is rendered from, and nothing else: equal views give equal bytes on every server.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pinned_ips/promise.h"

namespace dnsd {

struct FeedStamp {
  uint64_t serial = 0;   // from 1
  Instant generated_at;  // when the serial rose to this
  std::string digest;    // SHA-256 of the document's meaning, 64 lower-case hexadecimal digits
  bool operator==(const FeedStamp&) const = default;
};

struct FeedView {
  std::span<const PromisedSet> sets;
  FeedStamp stamp;
  Instant now;                  // any instant between the stamp's and the next change
  std::string_view public_url;  // "https://feed.example.com", no trailing slash; empty where it is not known
};

// A set and one of its entries that the feed lists, as all views go through them.
struct FeedRow {
  const PromisedSet* set;
  const Promise* promise;
  PromiseState state;
};
// Those listed at `now`, by set, family, number of the prefix, id. Valid as long as `sets`.
std::vector<FeedRow> feed_rows(std::span<const PromisedSet> sets, Instant now);

}  // namespace dnsd
