// What clients over TCP and TLS may hold, all together and each.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>

#include "base/ip_address.h"

namespace dnsd {

struct TcpLimits {
  unsigned connections = 1000;  // of all workers together
  unsigned per_client = 100;    // of one IPv4 address, or of one IPv6 /64, which one client has to itself
  // A connection ends so long after its last complete query (RFC 7766 6.2.3), or after its client last took a fair
  // part of the answers that wait for it.
  std::chrono::milliseconds idle_timeout{10000};
  // Under load the timeout shrinks (RFC 7766 6.2.3, RFC 9210 4.2): from half of `connections` on in a straight line,
  // down to this where all are taken. Above idle_timeout it changes nothing.
  std::chrono::milliseconds least_idle_timeout{1000};
  size_t pending_octets = size_t{128} << 10;  // answers that wait for one client; above, its queries wait
  unsigned queries_per_turn = 64;             // of one connection, before others have their turn
};

// The idle timeout while so many connections are open.
//
//   idle_timeout        --------------.
//                                      `--.
//   least_idle_timeout                     `--
//                       0         1/2        1  of limits.connections
std::chrono::milliseconds idle_timeout_under_load(const TcpLimits& limits, unsigned open);

// Counts connections by client.
// Thread safety: any thread; the lock is taken when a connection begins and ends only.
class ConnectionBudget {
 public:
  enum class Verdict : uint8_t { granted, full, client_full };

  explicit ConnectionBudget(const TcpLimits& limits) : limits_(limits) {}

  // Each `granted` is returned by one release().
  Verdict take(const IpAddress& client);
  void release(const IpAddress& client);
  // Of all clients, now.
  unsigned open() const { return open_.load(std::memory_order_relaxed); }

  // Whether two addresses are the same client.
  static bool count_as_one(const IpAddress& a, const IpAddress& b) { return counted_as(a) == counted_as(b); }

 private:
  static IpAddress counted_as(const IpAddress& client) {
    return client.family() == Family::ipv4 ? client : client.with_low_bits_cleared(64);
  }

  const TcpLimits limits_;
  std::mutex mutex_;
  std::atomic<unsigned> open_ = 0;  // changes under the lock
  std::map<IpAddress, unsigned> by_client_;
};

}  // namespace dnsd
