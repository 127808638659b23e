#include "pinned_ips/feed/feed_keys.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "pinned_ips/feed/feed_text.h"

namespace dnsd {
namespace {

// 1970-01-05 was a Monday.
constexpr int64_t first_monday = 4 * 86400;
constexpr int64_t week = 7 * 86400;

Instant monday_of(Instant now) { return {now.seconds - (now.seconds - first_monday) % week}; }

}  // namespace

FeedKeys::FeedKeys(std::vector<FeedKey> keys) : keys_(std::move(keys)) {
  std::ranges::stable_sort(keys_, {}, &FeedKey::created);
}

const FeedKey* FeedKeys::successor(const FeedKey& key) const {
  const auto next = std::ranges::upper_bound(keys_, key.created, {}, &FeedKey::created);
  return next == keys_.end() ? nullptr : &*next;
}

Instant FeedKeys::signs_from(const FeedKey& key) const {
  return &key == &keys_.front() ? key.created : key.created + key_overlap;
}

std::optional<Instant> FeedKeys::published_until(const FeedKey& key) const {
  const FeedKey* next = successor(key);
  return next ? std::optional(signs_from(*next) + key_overlap) : std::nullopt;
}

// The first also signs before it was made: a clock that was put back must not leave the feed unsigned.
const FeedKey* FeedKeys::signing_at(Instant now) const {
  const FeedKey* signing = nullptr;
  for (const FeedKey& key : keys_)
    if (!signing || signs_from(key) <= now) signing = &key;
  return signing;
}

std::vector<const FeedKey*> FeedKeys::published_at(Instant now) const {
  std::vector<const FeedKey*> published;
  for (const FeedKey& key : keys_)
    if (const std::optional<Instant> until = published_until(key); !until || now < *until) published.push_back(&key);
  return published;
}

std::optional<Instant> FeedKeys::next_change(Instant now) const {
  std::optional<Instant> first;
  for (const FeedKey& key : keys_)
    for (const std::optional<Instant> at : {std::optional(signs_from(key)), published_until(key)})
      if (at && *at > now && (!first || *at < *first)) first = at;
  return first;
}

std::optional<std::string> feed_keys_json(const FeedKeys& keys, Instant now) {
  const FeedKey* signing = keys.signing_at(now);
  if (!signing) return std::nullopt;
  nlohmann::ordered_json json;
  json["signing"] = key_id_text(signing->key.public_key);
  json["keys"] = nlohmann::ordered_json::array();
  for (const FeedKey* key : keys.published_at(now)) {
    const std::optional<Instant> until = keys.published_until(*key);
    nlohmann::ordered_json one;
    one["id"] = key_id_text(key->key.public_key);
    one["public_key"] = key_text(key->key.public_key);
    one["created_at"] = to_text(key->created);
    one["signs_from"] = to_text(keys.signs_from(*key));
    one["published_until"] = until ? nlohmann::ordered_json(to_text(*until)) : nlohmann::ordered_json();
    json["keys"].push_back(std::move(one));
  }
  return json_text(json);
}

std::optional<std::string> signing_key_file(const FeedKeys& keys, Instant now) {
  const FeedKey* signing = keys.signing_at(now);
  return signing ? std::optional(public_key_file(signing->key.public_key)) : std::nullopt;
}

Instant signature_expiry(Instant now) { return monday_of(now) + Duration{2 * week}; }

Instant next_signing(const FeedKeys& keys, Instant now) {
  const Instant monday = monday_of(now) + Duration{week};
  return std::min(monday, keys.next_change(now).value_or(monday));
}

Result<std::optional<std::string>> sign_feed(const FeedKeys& keys, std::string_view document, std::string_view file,
                                             const FeedStamp& stamp, Instant now) {
  const FeedKey* signing = keys.signing_at(now);
  if (!signing) return std::optional<std::string>();
  const std::string comment = "serial:" + std::to_string(stamp.serial) + " generated:" + to_text(stamp.generated_at) +
                              " expires:" + to_text(signature_expiry(now)) + " file:" + std::string(file);
  Result<std::string> signature = minisign_signature(document, signing->key, comment);
  if (!signature) return signature.failure();
  return std::optional(std::move(*signature));
}

}  // namespace dnsd
