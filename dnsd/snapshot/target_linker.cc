#include "dnsd/snapshot/target_linker.h"

#include "dnsd/snapshot/stored_record.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

// Aliases are followed this far: "a bounded number of times" (RFC 9460 3); what is longer, a client may ask for.
constexpr unsigned most_hops = 8;

// An additional record takes 16 octets at least, so that no message holds more.
constexpr size_t most_targets = 4096;

constexpr bool is_service(uint16_t type) { return type == rr_type::SVCB || type == rr_type::HTTPS; }

// Where the last name in the RDATA of a record begins; 0 where there is none.
uint32_t last_name(uint16_t type, Bytes rdata) {
  uint32_t at = 0;
  for_each_name(type, rdata,
                [&](size_t offset, size_t, bool) { at = static_cast<uint32_t>(offset + stored_record::rdata_at); });
  return at;
}

}  // namespace

// Calls visit(offset of the last name in the zone, whether the record is in AliasMode).
template <typename Visit>
void TargetLinker::for_each_record(RRset rrset, Visit visit) const {
  Bytes records = rrset.records();
  for (unsigned i = 0; i < rrset.count(); ++i) {
    const size_t size = stored_record::size(records.data());
    const Bytes rdata = records.first(size).subspan(stored_record::rdata_at);
    const uint32_t name = last_name(rrset.type(), rdata);
    const bool alias = is_service(rrset.type()) && load16(rdata.data()) == 0;
    if (name > 0) visit(offset_of(records.data()) + name, alias);
    records = records.subspan(size);
  }
}

uint32_t TargetLinker::offset_of(const uint8_t* octet) const {
  return static_cast<uint32_t>(octet - zone_.node(CompiledZone::apex).data());
}

void TargetLinker::link(NodeId owner, RRset rrset, std::vector<Target>& out) {
  owner_ = owner;
  rrset_ = rrset;
  out_ = &out;
  first_ = out.size();
  linked_.clear();
  if (is_service(rrset.type())) {
    link_services(Target::the_owner, zone_.node(owner), rrset, 0);
  } else {
    for_each_record(rrset, [&](uint32_t name, bool) { link_name(name, most_hops); });
  }
}

// What the records of a service at `name` lead to.
void TargetLinker::link_services(uint32_t name, Node node, RRset services, unsigned hops) {
  for_each_record(services, [&](uint32_t target, bool alias) {
    if (!zone_.name_at(target).is_root()) {
      link_name(target, alias ? hops : most_hops);  // in ServiceMode nobody asks for services there (2.4.3)
    } else if (!alias) {
      link_addresses(name, node);  // "." is the owner itself; in AliasMode it says that there is no service (2.5)
    }
  });
}

// A name in RDATA: its addresses and, as far as `hops` lead, the services it stands for.
void TargetLinker::link_name(uint32_t name, unsigned hops) {
  const NameView view = zone_.name_at(name);
  const NodeId id = node_of(view);
  if (id == no_node) return;
  const Node node = zone_.node(id);
  // Occluded addresses are glue: only a referral may show them.
  if ((node.flags() & Node::below_cut) && rrset_.type() != rr_type::NS) return;
  if (!is_service(rrset_.type())) return link_addresses(name, node);
  // The services of the owner are the answer itself; its addresses are not.
  if (id == owner_ && !node.owner().is_wildcard()) return link_addresses(Target::the_owner, node);
  if (linked_.contains(view)) return;
  if (const RRset alias = node.find(rr_type::CNAME)) {
    linked_.insert(view);
    add(name, node, rr_type::CNAME);
    if (hops < 2 * most_hops) for_each_record(alias, [&](uint32_t target, bool) { link_name(target, hops + 1); });
    return;
  }
  const RRset services = hops < most_hops ? node.find(rrset_.type()) : RRset();
  if (services) add(name, node, rrset_.type());
  link_addresses(name, node);
  if (services) link_services(name, node, services, hops + 1);
}

void TargetLinker::link_addresses(uint32_t name, Node node) {
  const NameView view = name == Target::the_owner ? node.owner() : zone_.name_at(name);
  if (!linked_.insert(view).second) return;
  add(name, node, rr_type::A);
  add(name, node, rr_type::AAAA);
}

void TargetLinker::add(uint32_t name, Node node, uint16_t type) {
  const RRset rrset = node.find(type);
  if (!rrset || out_->size() - first_ == most_targets) return;
  out_->push_back({name, offset_of(rrset.data())});
}

// Where the records of `name` are: its own node, or the wildcard that covers it (RFC 4592 3.3.1).
NodeId TargetLinker::node_of(NameView name) const {
  if (!name.is_at_or_below(zone_.origin())) return no_node;
  const auto find = [this](NameView view) {
    Name lower(view);
    lower.lowercase();
    return zone_.find(lower.view().wire(), hash_(lower.view().wire()));
  };
  const NodeId exact = find(name);
  if (exact != no_node) return exact;
  for (NameView encloser = name.parent();; encloser = encloser.parent()) {
    const NodeId id = find(encloser);
    if (id == no_node) continue;
    const Node node = zone_.node(id);
    return node.flags() & Node::special ? no_node : node.wildcard();
  }
}

}  // namespace dnsd
