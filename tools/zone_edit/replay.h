// Who would see a change: every query of a log is put to the data directory as served and as edited.
//
// Answers rotate, so what is compared is what a client can get: of a pinned set, and of a pool whose policy knows
// clients, the very addresses; of other pools all members in service; of everything else RCODE and records.
//
// Pure; thread safety: none needed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/ip_address.h"
#include "base/result.h"
#include "dnsd/loading/data_directory.h"
#include "tools/zone_edit/query_log.h"

namespace dnsd {

// One kind of change, and those who would see it.
struct ChangeGroup {
  struct Asked {
    std::string name;  // "www.example.com. A"
    uint64_t queries = 0;
  };
  struct Client {
    std::string network;
    uint64_t queries = 0;
  };
  std::vector<std::string> what;  // "moves from the pool 'street' of example.com. to the set 'proxy'"
  std::vector<IpAddress> appear;  // addresses that some client can get now and could not before
  std::vector<IpAddress> vanish;  // the other way round
  uint64_t queries = 0;
  uint64_t clients = 0;
  std::vector<Asked> names;     // most queries first
  std::vector<Client> busiest;  // the first few, likewise
};

struct ReplayResult {
  uint64_t queries = 0, clients = 0;
  uint64_t unchanged_queries = 0;
  uint64_t unchanged_clients = 0;  // that see no change at all
  std::optional<Instant> first, last;
  std::vector<ChangeGroup> groups;  // most queries first
};

class Replay {
 public:
  // Both must outlive it. What is answered depends on the moment only where pinned sets change.
  static Result<Replay> make(const DataDirectory& served, const DataDirectory& edited, Instant now);
  Replay(Replay&&) noexcept;
  ~Replay();

  void take(const LoggedQuery& query);
  ReplayResult result() const;

 private:
  class State;
  explicit Replay(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace dnsd
