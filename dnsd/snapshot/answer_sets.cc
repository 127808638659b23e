#include "dnsd/snapshot/answer_sets.h"

#include <algorithm>

#include "dnsd/pools/in_service.h"
#include "dnsd/snapshot/stored_record.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

void append_record(std::vector<uint8_t>& octets, const IpAddress& address, uint32_t ttl) {
  const uint16_t type = address.family() == Family::ipv4 ? rr_type::A : rr_type::AAAA;
  const auto head = stored_record::head(type, ttl, address.octets().size());
  octets.insert(octets.end(), head.begin(), head.end());
  octets.insert(octets.end(), address.octets().begin(), address.octets().end());
}

Ring compile_ring(std::vector<RingMember> members, const CompiledPool& pool) {
  Ring ring;
  for (const RingMember& member : members) append_record(ring.records, member.address, pool.ttl);
  ring.list = answer_list(pool.policy, members, pool.cap);
  ring.members = std::move(members);
  return ring;
}

bool same_settings(const CompiledPool& a, const CompiledPool& b) {
  return a.ttl == b.ttl && a.cap == b.cap && a.policy == b.policy && a.network == b.network &&
         a.first_slot == b.first_slot;
}

// A schedule longer than this is cut; the daemon compiles anew at every change long before.
constexpr size_t most_periods = 64;

}  // namespace

void append_address_record(AddressRecords& records, const IpAddress& address, uint32_t ttl) {
  append_record(records.octets, address, ttl);
  ++records.count;
}

std::shared_ptr<const CompiledPool> compile_pool(const PoolDefinition& pool, uint32_t first_slot,
                                                 std::shared_ptr<const CompiledPool> previous) {
  auto compiled = std::make_shared<CompiledPool>();
  compiled->ttl = pool.ttl;
  compiled->cap = pool.cap;
  compiled->policy = find_policy(pool.rotation).value_or(0);
  compiled->network = pool.sticky;
  compiled->first_slot = first_slot;
  const bool comparable = previous && same_settings(*previous, *compiled);
  size_t unchanged = 0;
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    Ring& ring = compiled->rings[static_cast<size_t>(family)];
    std::vector<RingMember> members = ring_members(pool, family);
    const Ring* before = comparable ? &previous->rings[static_cast<size_t>(family)] : nullptr;
    if (before && before->members == members) {
      ring = *before;
      ++unchanged;
    } else {
      ring = compile_ring(std::move(members), *compiled);
    }
  }
  return unchanged == 2 ? previous : compiled;
}

PinnedAnswers compile_pinned(const PinnedSet& asked, const PromisedSet* promised, Instant now) {
  PinnedAnswers answers;
  answers.ttl = asked.ttl;
  while (answers.periods.size() < most_periods) {
    PinnedAnswers::Period& period = answers.periods.emplace_back();
    period.until = Instant::far_future();
    if (!promised) break;
    for (const IpAddress& address : addresses_at(*promised, asked.out, now))
      append_address_record(period.records[address.family() == Family::ipv6], address, asked.ttl);
    const std::optional<Instant> change = next_answer_change(*promised, now);
    if (!change) break;
    period.until = now = *change;
  }
  return answers;
}

}  // namespace dnsd
