#include "dnsd/answer/cookie.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>

namespace dnsd {
namespace {

static_assert(sizeof(CookieSecret) == crypto_shorthash_KEYBYTES);

constexpr uint8_t version = 1;
constexpr size_t version_at = client_cookie_size;
constexpr size_t timestamp_at = version_at + 4;
constexpr size_t hash_at = timestamp_at + 4;
static_assert(hash_at + crypto_shorthash_BYTES == cookie_size);

// RFC 9018 4.3: cookies are good for an hour and for clocks that are five minutes ahead of ours; past half an hour the
// client gets a new one.
constexpr int32_t most_age = 3600, most_ahead = 300, fresh_age = 1800;

// Writes the hash of the first hash_at octets of `cookie` and the address.
void hash(const uint8_t* cookie, const IpAddress& client, const CookieSecret& secret, uint8_t* out) {
  std::array<uint8_t, hash_at + 16> input;
  const Bytes address = client.octets();
  std::memcpy(input.data(), cookie, hash_at);
  std::memcpy(input.data() + hash_at, address.data(), address.size());
  crypto_shorthash(out, input.data(), hash_at + address.size(), secret.data());
}

// Which of the secrets made the cookie; past the end: none, it is not ours.
size_t maker(Bytes option, const IpAddress& client, const std::vector<CookieSecret>& secrets) {
  if (option.size() != cookie_size || option[version_at] != version) return secrets.size();
  const auto made = std::find_if(secrets.begin(), secrets.end(), [&](const CookieSecret& secret) {
    std::array<uint8_t, crypto_shorthash_BYTES> want;
    hash(option.data(), client, secret, want.data());
    return sodium_memcmp(want.data(), &option[hash_at], want.size()) == 0;
  });
  return static_cast<size_t>(made - secrets.begin());
}

}  // namespace

CookieAnswer answer_cookie(Bytes option, const IpAddress& client, const std::vector<CookieSecret>& secrets,
                           Instant now) {
  CookieAnswer answer{CookieState::client_only, {}};
  const auto seconds = static_cast<uint32_t>(now.seconds);
  if (option.size() > client_cookie_size) {
    answer.state = CookieState::invalid;
    if (const size_t made_by = maker(option, client, secrets); made_by < secrets.size()) {
      // Serial number arithmetic (RFC 1982): timestamps wrap in 2106.
      const auto age = static_cast<int32_t>(seconds - load32(&option[timestamp_at]));
      if (age <= most_age && age >= -most_ahead) answer.state = CookieState::valid;
      if (answer.state == CookieState::valid && age <= fresh_age && made_by == 0) {
        std::memcpy(answer.cookie.data(), option.data(), cookie_size);
        return answer;
      }
    }
  }
  std::memcpy(answer.cookie.data(), option.data(), client_cookie_size);
  answer.cookie[version_at] = version;
  store32(&answer.cookie[timestamp_at], seconds);
  hash(answer.cookie.data(), client, secrets.front(), &answer.cookie[hash_at]);
  return answer;
}

}  // namespace dnsd
