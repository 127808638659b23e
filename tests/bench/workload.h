// What tests/bench/respond and tests/bench/instructions measure: questions that are asked over and over, by name.
//
// A kind is a row: in static_world.cc (one zone of fixed records), shaped_world.cc (pools, clients) or large_world.cc
// (many names, many zones). Each run asks the same questions in the same order: seeds and the key of the hash are fixed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dnsd/answer/batch.h"
#include "dnsd/answer/respond.h"
#include "dnsd/pools/rotation.h"
#include "dnsd/snapshot/compile.h"

namespace dnsd::bench {

inline const Instant bench_now = *parse_instant("2026-11-21T00:00:00Z");
inline const NameHash bench_hash(0x6c62272e07bb0142, 0x9e3779b97f4a7c15);

class Workload {
 public:
  // Makes the next query of the last one; cheap beside an answer.
  using Change = std::function<void(std::vector<uint8_t>& packet, Client& client)>;

  Workload(std::shared_ptr<const Snapshot> snapshot, std::vector<uint8_t> packet, Change before_each = {});

  // Makes the next query and answers it; octets of the answer.
  size_t step() {
    if (change_) change_(packet_, client_);
    return respond(*snapshot_, *state_, packet_, client_, bench_now, out_);
  }
  // The same for QueryBatch::width queries together, as a worker takes them from a socket.
  size_t batch();
  Bytes answer(size_t octets) const { return Bytes(out_).first(octets); }

 private:
  std::shared_ptr<const Snapshot> snapshot_;
  std::unique_ptr<RotationState> state_;
  Client client_;
  std::vector<uint8_t> packet_;
  std::vector<uint8_t> out_;
  Change change_;
  std::unique_ptr<QueryBatch> queries_;
  std::vector<std::vector<uint8_t>> packets_;
};

struct Kind {
  std::string name;
  std::function<Workload()> make;
};

std::vector<Kind> static_kinds();
std::vector<Kind> shaped_kinds();
std::vector<Kind> large_kinds();
// The points of tests/bench/growth, "growth WHAT COUNT".
std::vector<Kind> growth_kinds();
// All of them.
std::vector<Kind> kinds();
inline bool is_growth(const Kind& kind) { return kind.name.starts_with("growth "); }

// Precondition of both: what they are given is right; otherwise the program says what is wrong and ends.
std::shared_ptr<const Zone> make_zone(const std::string& text, const std::string& origin);
std::unique_ptr<Snapshot> make_snapshot(const SnapshotInput& input);

[[noreturn]] void give_up(const std::string& why);

}  // namespace dnsd::bench
