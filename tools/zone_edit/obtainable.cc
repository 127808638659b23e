#include "tools/zone_edit/obtainable.h"

#include <algorithm>

#include "dnsd/answer/lookup.h"
#include "dnsd/answer/shaping.h"
#include "dnsd/snapshot/stored_record.h"
#include "tools/zone_edit/asking.h"
#include "tools/zone_edit/explain.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

constexpr uint64_t gets_pool = UINT64_MAX;  // in the upper half of a client's number: no set

bool is_service_type(uint16_t type) { return type == rr_type::SVCB || type == rr_type::HTTPS; }

// Where the aliases of an answer end.
Name end_of_aliases(NameView name, uint16_t type, const Message& message) {
  Name end(name);
  if (type == rr_type::CNAME) return end;
  for (const MessageRecord& record : message.sections[0])
    if (record.type == rr_type::CNAME && record.owner.view() == end.view()) end = Name(NameView(record.rdata));
  return end;
}

struct Found {
  const ServedZone* zone = nullptr;
  const Shape* shape = nullptr;  // null: none
};

// The shape at a name of the zone in which the question is answered; aliases do not lead out of it.
Found find_shape(const Snapshot& snapshot, NameView asked, NameView end, uint16_t type) {
  NameKey asked_key, end_key;
  if (!asked_key.set(asked.wire()) || !end_key.set(end.wire())) return {};
  const ServedZone* zone = find_zone(snapshot, asked_key, type);
  if (!zone || find_zone(snapshot, end_key, type) != zone) return {};
  const Located located = locate(*zone->zone, end_key, snapshot.hash(end_key.lowercase()), type, snapshot.hash);
  if (located.kind != Located::Kind::exists && located.kind != Located::Kind::wildcard) return {};
  const uint32_t shape = zone->zone->node(located.node).shape();
  return {zone, shape == no_shape ? nullptr : &zone->shapes[shape]};
}

void add_members(const Ring& ring, std::vector<IpAddress>& out) {
  for (const RingMember& member : ring.members) out.push_back(member.address);
}

void add_row(const Ring& ring, uint32_t row, std::vector<IpAddress>& out) {
  for (uint32_t i = 0; i < ring.list.take; ++i) out.push_back(ring.members[ring.list.row(row)[i]].address);
}

void add_records(const AddressRecords& records, Family family, std::vector<IpAddress>& out) {
  for (uint32_t i = 0; i < records.count; ++i) {
    const uint8_t* address =
        records.octets.data() + size_t{i} * address_record_size(family) + stored_record::rdata_at;
    std::array<uint8_t, 16> octets{};
    std::copy_n(address, address_bits(family) / 8, octets.begin());
    out.push_back(family == Family::ipv4 ? IpAddress::v4({octets[0], octets[1], octets[2], octets[3]})
                                         : IpAddress::v6(octets));
  }
}

}  // namespace

Result<Obtainables> Obtainables::make(const DataDirectory& data, Instant now, const Snapshot* before) {
  Obtainables made(data, now);
  SnapshotInput input = snapshot_input(data);
  // Hints that follow are looked at as the addresses that they follow.
  for (ZoneInput& zone : input.zones)
    for (NameRule& rule : zone.names) rule.hints = Hints::as_written;
  Result<std::unique_ptr<Snapshot>> snapshot = compile_snapshot(input, fixed_hash, now, 1, before, made.cache_);
  if (!snapshot) return snapshot.failure();
  made.snapshot_ = std::move(*snapshot);
  return made;
}

Obtainables::Plan Obtainables::plan(NameView name, uint16_t type) const {
  Plan plan;
  const std::optional<Message> message =
      ask(*snapshot_, make_query(name, type), {.source = IpAddress(), .transport = Transport::tcp}, now_);
  if (!message) return plan;
  plan.common.rcode = message->rcode;
  const Name end = end_of_aliases(name, type, *message);
  const Found found = find_shape(*snapshot_, name, end, type);
  const NameRule* rule = nullptr;
  // A page is the same for everybody, so that its records say all there is.
  if (found.shape && !found.shape->page && !found.shape->text && !found.shape->whoami) {
    const size_t zone = static_cast<size_t>(found.zone - snapshot_->zones.data());
    rule = &data_->zones[zone].config.names[found.shape->rule];
    const bool follows = is_service_type(type) && rule->hints == Hints::follow && !message->sections[0].empty();
    if (is_address_type(type) || follows) plan.families = families_of(type);
  }
  if (!plan.families.empty()) {
    plan.shape = found.shape;
    if (rule->pool) plan.pool = "'" + *rule->pool + "' of " + to_text(found.zone->zone->origin());
    for (const NameRule::Set& set : rule->pinned) plan.sets.push_back(set.name);
    if (!rule->pool && !plan.sets.empty()) plan.everybody_set = plan.sets.front();
  }
  for (const MessageRecord& record : message->sections[0])
    if (!plan.shape || !is_address_type(record.type)) plan.common.records.push_back(record_text(record));
  std::ranges::sort(plan.common.records);
  return plan;
}

ClientNetworkAddress Obtainables::client_of(const IpAddress& source, Bytes client_subnet) const {
  const bool used = takes_client_subnet(snapshot_->settings.client_subnet, source);
  return client_network(used ? client_subnet : Bytes(), source);
}

uint64_t Obtainables::number(const Plan& plan, const IpAddress& source, Bytes client_subnet) const {
  if (!plan.shape) return 0;
  const ClientNetworkAddress client = client_of(source, client_subnet);
  const PinnedMatch match = match_pinned(*plan.shape, client);
  if (match.set) {
    if (!plan.shape->audience) return 0;
    return static_cast<uint64_t>(std::ranges::find(plan.shape->audience->sets, match.set) -
                                 plan.shape->audience->sets.begin());
  }
  uint64_t number = gets_pool << 32;
  const CompiledPool* pool = plan.shape->pool;
  if (!pool || !knows_clients(pool->policy)) return number;
  // A row of each family's list, below 2^16.
  RotationState::Cursor cursor;
  Random random(1);
  for (const Ring& ring : pool->rings)
    if (ring.list.rows > 0)
      number |= uint64_t{window_start(pool->policy, {ring.list, client.address, pool->network}, cursor, random).row}
                << (&ring == &pool->rings[0] ? 0 : 16);
  return number;
}

Obtainable Obtainables::get(const Plan& plan, uint64_t number) const {
  Obtainable what = plan.common;
  if (!plan.shape) return what;
  const PinnedAnswers* set = plan.shape->pinned;
  if (plan.shape->audience && number < plan.shape->audience->sets.size()) set = plan.shape->audience->sets[number];
  const CompiledPool* pool = plan.shape->pool;
  if (set) {
    what.source = "the set '" + (plan.everybody_set.empty() ? plan.sets[number] : plan.everybody_set) + "'";
    what.ttl = set->ttl;
    for (const Family family : plan.families)
      add_records(set->at(now_).records[static_cast<size_t>(family)], family, what.addresses);
  } else if (pool) {
    what.source = "the pool " + plan.pool;
    what.ttl = pool->ttl;
    what.by_client = knows_clients(pool->policy);
    for (const Family family : plan.families) {
      const Ring& ring = pool->rings[static_cast<size_t>(family)];
      const auto row = static_cast<uint32_t>(number >> (family == Family::ipv4 ? 0 : 16) & 0xffff);
      if (what.by_client && ring.list.rows > 0)
        add_row(ring, row, what.addresses);
      else
        add_members(ring, what.addresses);
    }
  }
  if (what.addresses.empty()) what.ttl = 0;
  std::ranges::sort(what.addresses);
  return what;
}

}  // namespace dnsd
