// What the measurements of shaped answers ask: a zone with one shaped name, and clients for it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dnsd/answer/respond.h"
#include "dnsd/pools/prefix_table.h"
#include "dnsd/pools/rotation.h"
#include "dnsd/snapshot/snapshot.h"

namespace dnsd::bench {

// ---- client prefixes -------------------------------------------------------------------------------------------------

// Where the prefixes of a table lie, and from where clients ask.
enum class Layout : uint8_t {
  v4_random,     // /24 anywhere
  v6_random,     // /48 anywhere in 2000::/3
  v6_clustered,  // /56 within 200 /32s
  v6_hosts,      // /128 within 200 /64s
};
constexpr Layout layouts[] = {Layout::v4_random, Layout::v6_random, Layout::v6_clustered, Layout::v6_hosts};
const char* name_of(Layout layout);
Family family_of(Layout layout);

// A reproducible endless list of prefixes, not all of them different.
IpPrefix prefix_at(Layout layout, uint64_t index);
// `count` different ones: the first of the list. `end` becomes the index behind the last.
std::vector<PrefixTable::Row> make_rows(Layout layout, size_t count, uint64_t& end);

enum class Asker : uint8_t {
  hit,   // in one of the prefixes
  near,  // as the prefixes are, but others: in the same clusters
};

// ---- workloads -------------------------------------------------------------------------------------------------------

struct PoolKind {
  std::string rotation = "window";
  size_t members = 40;
  Family family = Family::ipv4;
  bool weights = false;  // 1 to 5, in turn
  size_t sites = 0;
};

// A question that is asked over and over, by other clients each time.
class Workload {
 public:
  // A static A record.
  static Workload fixed();
  static Workload pool(const PoolKind& kind);
  // A pool of 40 and a pinned set with `count` client prefixes. By the option, or by source address.
  static Workload clients(Layout layout, size_t count, Asker asker, bool by_option);

  // Makes the next query and answers it; octets of the answer.
  size_t step() {
    if (next_client_) next_client_();
    return respond(*snapshot_, *state_, packet_, *client_, now_, out_);
  }

 private:
  Workload(std::unique_ptr<Snapshot> snapshot, const std::string& type);
  void ask_from(Layout layout, uint64_t prefixes, Asker asker, bool by_option);

  std::unique_ptr<Snapshot> snapshot_;
  std::unique_ptr<RotationState> state_;
  std::unique_ptr<Client> client_;  // stays where it is when the workload moves
  std::vector<uint8_t> packet_;
  std::vector<uint8_t> out_;
  Instant now_;
  std::function<void()> next_client_;
};

// All of them, by name.
struct Kind {
  std::string name;
  std::function<Workload()> make;
};
std::vector<Kind> kinds();

PoolDefinition make_pool(const PoolKind& kind);

}  // namespace dnsd::bench
