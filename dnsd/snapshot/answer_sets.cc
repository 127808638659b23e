#include "dnsd/snapshot/answer_sets.h"

#include <algorithm>

#include "dnsd/pools/in_service.h"
#include "dnsd/snapshot/stored_record.h"
#include "pinned_ips/timeline.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

void append_record(std::vector<uint8_t>& octets, const IpAddress& address, uint32_t ttl) {
  const uint16_t type = address.family() == Family::ipv4 ? rr_type::A : rr_type::AAAA;
  const auto head = stored_record::head(type, ttl, address.octets().size());
  octets.insert(octets.end(), head.begin(), head.end());
  octets.insert(octets.end(), address.octets().begin(), address.octets().end());
}

Ring compile_ring(const PoolDefinition& pool, Family family, uint32_t slot) {
  const std::vector<size_t> order = ring_order(pool, family);
  Ring ring;
  ring.size = static_cast<uint32_t>(order.size());
  ring.take = std::min<uint32_t>(pool.cap, ring.size);
  ring.slot = slot;
  ring.policy = find_policy(pool.rotation).value_or(0);
  for (int turn = 0; turn < 2; ++turn)
    for (const size_t index : order) append_record(ring.octets, pool.members[index].address, pool.ttl);
  return ring;
}

// A schedule longer than this is cut; the daemon compiles anew at every change long before.
constexpr size_t most_periods = 64;

}  // namespace

void append_address_record(AddressRecords& records, const IpAddress& address, uint32_t ttl) {
  append_record(records.octets, address, ttl);
  ++records.count;
}

CompiledPool compile_pool(const PoolDefinition& pool, uint32_t first_slot) {
  return {{compile_ring(pool, Family::ipv4, first_slot), compile_ring(pool, Family::ipv6, first_slot + 1)}, pool.ttl};
}

PinnedAnswers compile_pinned(const PinnedSet& set, Instant now) {
  PinnedAnswers answers;
  answers.ttl = set.ttl;
  while (answers.periods.size() < most_periods) {
    PinnedAnswers::Period& period = answers.periods.emplace_back();
    for (const IpAddress& address : addresses_at(set, now))
      append_address_record(period.records[address.family() == Family::ipv6], address, set.ttl);
    const std::optional<Instant> change = next_answer_change(set, now);
    period.until = change.value_or(Instant::far_future());
    if (!change) break;
    now = *change;
  }
  return answers;
}

}  // namespace dnsd
