// The native document, /ip-ranges.json: every entry of every set with its dates, state and changes.
//
// The bytes depend on nothing but the sets, the states at `now` and the stamp: every server that shares them gives
// the same bytes, at whatever moment between two changes it renders them.
//
// `published`, `enabled` and `retired` are days, for readers that know days only. Where an operator wrote an instant,
// the day is the one that keeps such a reader safe in any time zone: the address is not answered before `enabled` has
// begun everywhere, and no cache holds it when `retired` begins first. The *_at keys are exact.
//
// An entry's id is made of what identifies its announcement, "proxy-192.0.2.77-32-20261102": set, prefix and the day
// it was published. It stays the same when rows are added, removed or put in another order.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/instant.h"
#include "pinned_ips/feed/feed_serial.h"
#include "pinned_ips/pinned_set.h"

namespace dnsd {

// What every view is rendered from. `sets` is somebody else's.
struct FeedView {
  std::span<const PinnedSet> sets;
  FeedStamp stamp;
  Instant now;
};

// None where no set has an entry: an empty feed is never served, since firewalls would empty their tables on it.
std::optional<std::string> feed_document(const FeedView& view);

// The document without serial, generated_at, valid_until, syncToken and createDate: where it differs from the last
// one, the serial must rise (feed_serial.h). None as above.
std::optional<std::string> feed_meaning(std::span<const PinnedSet> sets, Instant now);

// The first instant after `now` at which the meaning changes by itself; none if nothing is scheduled.
std::optional<Instant> next_feed_change(std::span<const PinnedSet> sets, Instant now);

// The next stamp by that meaning. None where there is nothing to serve, and then the serial does not move.
Result<std::optional<FeedStamp>> stamp_feed(const std::optional<FeedStamp>& previous, std::span<const PinnedSet> sets,
                                            Instant now);

// A set and one of its entries, as all views list them.
struct FeedRow {
  const PinnedSet* set;
  const PinnedEntry* entry;
  std::string id;
};
// By set, family, number of the prefix. Valid as long as `sets`.
std::vector<FeedRow> feed_rows(std::span<const PinnedSet> sets);

// The days of an entry as the document gives them, see above.
std::string published_day(const PinnedEntry& entry);
std::string enabled_day(const PinnedEntry& entry);
std::optional<std::string> retired_day(const PinnedEntry& entry);

}  // namespace dnsd
