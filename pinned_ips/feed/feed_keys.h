// The keys that sign the feed: which one does at an instant, and which are published.
//
// They are the files of state/feed-keys/, in minisign's own format: NAME.key (mode 0600) and NAME.pub, with NAME the
// instant at which the key was made, "20261125T200000Z". The first key signs at once. A newer one is published at
// once, signs from 14 days later on, and the one before it stays published for 14 days more:
//
//   first     made ---------------------------------- newest signs ------------- no longer published
//             signs, published                        published
//   second              made ------------------------ + 14 d ----------------------------------------->
//                       published                     signs, published
//
// So whoever asks for keys.json once in 14 days and checks it with a key he has learns of the new one in time.
//
// Thread safety: const use from any number of threads. No clock: `now` is handed in.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "pinned_ips/feed/minisign.h"
#include "pinned_ips/feed_view.h"

namespace dnsd {

constexpr Duration key_overlap = days(14);

struct FeedKey {
  Instant created;
  MinisignKey key;
};

class FeedKeys {
 public:
  FeedKeys() = default;
  explicit FeedKeys(std::vector<FeedKey> keys);

  // Of a folder; one that does not exist has none. The failure names the file and says what to do.
  static Result<FeedKeys> load(const std::string& folder);

  bool empty() const { return keys_.empty(); }
  const std::vector<FeedKey>& all() const { return keys_; }  // oldest first
  // Null: there is none.
  const FeedKey* signing_at(Instant now) const;
  std::vector<const FeedKey*> published_at(Instant now) const;
  // From when and until when they do: the first since ever, the last for ever (none).
  Instant signs_from(const FeedKey& key) const;
  std::optional<Instant> published_until(const FeedKey& key) const;
  // The first instant after `now` at which another one signs or one is no longer published; none if never.
  std::optional<Instant> next_change(Instant now) const;

 private:
  const FeedKey* successor(const FeedKey& key) const;

  std::vector<FeedKey> keys_;
};

// Makes a key: two new files in the folder, which is made where it is missing. Refuses a second key of one instant.
Result<FeedKey> add_feed_key(const std::string& folder, Instant now, MinisignRandom random);

// /ip-ranges/keys.json: every published key, with from when and until when it counts. None without a key.
std::optional<std::string> feed_keys_json(const FeedKeys& keys, Instant now);
// /ip-ranges/minisign.pub: the key that signs now. None without a key.
std::optional<std::string> signing_key_file(const FeedKeys& keys, Instant now);

// The content of DOCUMENT.minisig. `file` is the name of the document under the feed's root: "ip-ranges.json",
// "ip-ranges/allow.txt". None without a key. The trusted comment is
//
//   serial:42 generated:2026-11-21T09:55:00Z expires:2026-12-07T00:00:00Z file:ip-ranges.json
//
// It expires two weeks after the beginning of the week of `now`: a document that stays the same is signed anew every
// Monday, all servers give the same bytes, and a copy that somebody holds back is refused after 7 to 14 days.
Result<std::optional<std::string>> sign_feed(const FeedKeys& keys, std::string_view document, std::string_view file,
                                             const FeedStamp& stamp, Instant now);
Instant signature_expiry(Instant now);
// The first instant after `now` at which all has to be signed anew: the next Monday, or another key's turn.
Instant next_signing(const FeedKeys& keys, Instant now);

}  // namespace dnsd
