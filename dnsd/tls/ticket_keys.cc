#include "dnsd/tls/ticket_keys.h"

#include <openssl/rand.h>

#include <cstring>

namespace dnsd {
namespace {

bool fill(auto& octets) { return RAND_priv_bytes(octets.data(), static_cast<int>(octets.size())) == 1; }

}  // namespace

// A key begins when it is needed; where nobody asked for two lifetimes, the old one is not worth keeping.
void TicketKeys::turn(Time now) {
  if (current_ && now - current_->made >= lifetime) {
    previous_ = current_;
    current_.reset();
  }
  if (previous_ && now - previous_->made >= 2 * lifetime) previous_.reset();
}

std::optional<TicketKey> TicketKeys::seals(Time now) {
  const std::lock_guard lock(mutex_);
  turn(now);
  if (!current_) {
    TicketKey key;
    if (!fill(key.name) || !fill(key.cipher) || !fill(key.mac)) return std::nullopt;
    current_ = Dated{key, now};
  }
  return current_->key;
}

std::optional<TicketKey> TicketKeys::opens(const uint8_t* name, Time now) {
  const std::lock_guard lock(mutex_);
  turn(now);
  for (const std::optional<Dated>& dated : {current_, previous_})
    if (dated && std::memcmp(dated->key.name.data(), name, dated->key.name.size()) == 0) return dated->key;
  return std::nullopt;
}

}  // namespace dnsd
