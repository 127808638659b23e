// What a client can get for a name and type, over all the answers that rotation may give it.
//
// Thread safety: none needed; Obtainables belong to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "base/result.h"
#include "dnsd/answer/client_subnet.h"
#include "dnsd/loading/data_directory.h"
#include "dnsd/snapshot/snapshot.h"

namespace dnsd {

struct Obtainable {
  uint16_t rcode = 0;
  std::vector<std::string> records;  // of the answer, without those that shaping makes; sorted
  std::string source;      // "the pool 'street' of example.com.", "the set 'proxy'"; empty: nothing is shaped
  bool by_client = false;  // others get other addresses of the same source
  std::vector<IpAddress> addresses;  // sorted
  uint32_t ttl = 0;                  // of these
  bool operator==(const Obtainable&) const = default;
};

// One data directory, asked for names, and then for clients.
class Obtainables {
 public:
  // `before`: whose pools keep their cursors, null for the first of two.
  static Result<Obtainables> make(const DataDirectory& data, Instant now, const Snapshot* before);

  const Snapshot& snapshot() const { return *snapshot_; }

  // What all clients have in common for a question, and what tells them apart.
  struct Plan {
    Obtainable common;
    const Shape* shape = nullptr;   // of the addresses in the answer
    std::vector<Family> families;   // that are in it
    std::string pool;               // "'street' of example.com.", where there is one
    std::string everybody_set;      // the same of the set
    std::vector<std::string> sets;  // of the audience, by its numbers
  };
  Plan plan(NameView name, uint16_t type) const;

  // Which of the answers of a plan a client gets: clients with the same number get the same.
  uint64_t number(const Plan& plan, const IpAddress& source, Bytes client_subnet) const;
  Obtainable get(const Plan& plan, uint64_t number) const;

 private:
  Obtainables(const DataDirectory& data, Instant now) : data_(&data), now_(now) {}
  ClientNetworkAddress client_of(const IpAddress& source, Bytes client_subnet) const;

  const DataDirectory* data_;
  Instant now_;
  CompiledZoneCache cache_;
  std::unique_ptr<Snapshot> snapshot_;
};

}  // namespace dnsd
