// What absence is proven with: NSEC (RFC 4034 4) and NSEC3 (RFC 5155).
#include "dnsd/snapshot/stored_record.h"
#include "dnsd/snapshot/zone_compiler.h"
#include "zones/rr_types.h"

namespace dnsd {

// NSEC3 records among those of an owner, which go into a table of their own. True where the owner has nothing else:
// it is then no name of the zone.
bool ZoneCompiler::add_nsec3(Range owner) {
  const Range records = of_type(rr_type::NSEC3, owner);
  if (records.empty()) return false;
  const NameView name = zone_[owner.first].owner;
  const std::optional<Sha1> hash = nsec3_owner_hash(name);
  if (hash && name.parent() == zone_.origin()) {
    const uint32_t offset = end();
    append(name.wire());
    nsec3_.push_back({*hash, offset, end()});
    add_rrset(records, of_type(rr_type::RRSIG, owner));
  }
  for (size_t i = owner.first; i < owner.last; ++i)
    if (zone_[i].type != rr_type::NSEC3 && !is_signature_of(zone_[i], rr_type::NSEC3)) return false;
  return true;
}

// The chain of the first NSEC3PARAM that reaches the apex, or else NSEC.
void ZoneCompiler::add_denial() {
  const Node apex = out_.node(CompiledZone::apex);
  if (const RRset parameters = apex.find(rr_type::NSEC3PARAM)) {
    Bytes records = parameters.records();
    for (unsigned i = 0; i < parameters.count() && out_.nsec3_.empty(); ++i) {
      const size_t size = stored_record::size(records.data());
      add_nsec3_chain(records.first(size).subspan(stored_record::rdata_at));
      records = records.subspan(size);
    }
  }
  if (!out_.nsec3_.empty() || !apex.find(rr_type::NSEC)) return;
  for (const NodeId id : ids_)
    if (!(out_.node(id).flags() & Node::hidden) && out_.node(id).find(rr_type::NSEC)) out_.nsec_owners_.push_back(id);
}

void ZoneCompiler::add_nsec3_chain(Bytes nsec3param) {
  const std::optional<Nsec3Parameters> parameters = Nsec3Parameters::read(nsec3param);
  if (!parameters) return;
  std::vector<Nsec3Chain::Record> records;
  for (const Nsec3Chain::Record& record : nsec3_) {
    const Bytes rdata = out_.rrset(record).records().subspan(stored_record::rdata_at);
    if (Nsec3Parameters::read(rdata) == parameters) records.push_back(record);
  }
  if (records.empty()) return;
  Nsec3Chain chain(*parameters, std::move(records));
  if (!chain.place_of(out_.origin()).matches) return;
  for (const NodeId id : ids_) {
    const Node node = out_.node(id);
    if (node.flags() & Node::hidden) continue;
    store(id + Node::nsec3_at, Nsec3Chain::pack(chain.place_of(node.owner())));
    store(id + Node::nsec3_of_wildcard_at, Nsec3Chain::pack(chain.place_of_wildcard(node.owner())));
  }
  out_.nsec3_ = std::move(chain);
}

}  // namespace dnsd
