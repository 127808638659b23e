// The feed's serial: it rises by exactly one with each change of the document's meaning, never falls, and never moves
// without one. What it was is kept in state/feed.json, so that a restart does not move it either:
//
//   {"serial": 42, "generated_at": "2026-11-02T09:00:00Z", "digest": "<SHA-256 of feed_meaning(), hex>"}
//
// Thread safety: pure; whoever keeps the file writes it before the new serial is shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"

namespace dnsd {

struct FeedStamp {
  uint64_t serial = 0;   // from 1
  Instant generated_at;  // when the serial rose to this
  std::string digest;    // of the meaning, 64 lower-case hexadecimal digits
  bool operator==(const FeedStamp&) const = default;
};

// `previous` where the digest is still the same, else the next serial. generated_at rises with every serial, even
// within one second and when the clock steps back: it becomes Last-Modified and the syncToken, which clients compare.
FeedStamp next_stamp(const std::optional<FeedStamp>& previous, const std::string& digest, Instant now);

// The digest of feed_meaning().
Result<std::string> meaning_digest(std::string_view meaning);

// The content of state/feed.json. The failure says what is wrong and how to recover, without the name of the file.
std::string to_text(const FeedStamp& stamp);
Result<FeedStamp> parse_feed_stamp(std::string_view text);

}  // namespace dnsd
