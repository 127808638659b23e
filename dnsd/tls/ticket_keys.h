// The keys that seal session tickets (RFC 5077 4, RFC 8446 4.6.1): one set for all workers and all certificates, so
// that a client may resume at any worker and after a change of the certificate.
//
// A key seals for `lifetime`, opens for as long again, and is then forgotten: what a client recorded before is safe
// from whoever takes the memory of the server later. Tickets live no longer than `lifetime`, so none outlives its key.
//
//   key 1   | seals          | opens          |
//   key 2                    | seals          | opens          |
//   key 3                                     | seals          | …
//
// Thread safety: any thread. The lock is taken in handshakes only.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>

namespace dnsd {

struct TicketKey {
  std::array<uint8_t, 16> name{};
  std::array<uint8_t, 32> cipher{};  // AES-256-CBC
  std::array<uint8_t, 32> mac{};     // HMAC-SHA-256
};

class TicketKeys {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::hours lifetime{2};

  // The key to seal with; none where the system gives no random numbers.
  std::optional<TicketKey> seals(Time now);
  // The key of that name, if it may still open.
  std::optional<TicketKey> opens(const uint8_t* name, Time now);

 private:
  void turn(Time now);

  struct Dated {
    TicketKey key;
    Time made;
  };
  std::mutex mutex_;
  std::optional<Dated> current_;
  std::optional<Dated> previous_;
};

}  // namespace dnsd
