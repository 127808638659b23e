#include "dnsd/answer/answerer.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "dnsd/answer/shaping.h"
#include "dnsd/snapshot/stored_record.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

// A chain longer than this is a mistake or a loop: the client gets what there is so far and may go on by itself.
constexpr size_t most_aliases = 10;

constexpr bool is_address_type(uint16_t type) { return type == rr_type::A || type == rr_type::AAAA; }
constexpr Family family_of(uint16_t type) { return type == rr_type::A ? Family::ipv4 : Family::ipv6; }

}  // namespace

void Answerer::answer() {
  served_ = find_zone(snapshot_, query_.name, query_.type);
  if (!served_) return writer_.set_rcode(Rcode::REFUSED);
  zone_ = served_->zone.get();
  writer_.set_authoritative();
  const NameView question(query_.packet.subspan(header_size, query_.name.size()));
  if (answer_name(question, query_.name) == Step::done) return;
  follow_aliases(question);
}

// Aliases are followed inside the zone only: what another zone says, a resolver would have to ask there anyway. A name
// that comes back is a loop: the client has the whole of it then.
void Answerer::follow_aliases(NameView question) {
  std::array<Name, most_aliases> seen;
  for (size_t n = 0; n < most_aliases; ++n) {
    seen[n] = alias_;
    const NameView owner = seen[n];
    if (!owner.is_at_or_below(zone_->origin()) || owner == question) return;
    if (std::any_of(seen.begin(), seen.begin() + n, [&](const Name& name) { return name.view() == owner; })) return;
    NameKey key;
    key.set(owner.wire());
    if (answer_name(owner, key) == Step::done) return;
  }
}

Answerer::Step Answerer::answer_name(NameView owner, const NameKey& key) {
  const Located at = locate(*zone_, key, query_.type, snapshot_.hash);
  switch (at.kind) {
    case Located::Kind::exists:
    case Located::Kind::wildcard: return answer_node(owner, zone_->node(at.node));
    case Located::Kind::delegation: refer(zone_->node(at.node)); break;
    case Located::Kind::dname: return answer_dname(owner, zone_->node(at.node));
    case Located::Kind::no_name: deny(Rcode::NXDOMAIN); break;
  }
  return Step::done;
}

Answerer::Step Answerer::answer_node(NameView owner, const Node& node) {
  if (node.shape != no_shape && is_address_type(query_.type)) {
    if (!answer_shape(owner, node, query_.type)) deny(Rcode::NOERROR);
    return Step::done;
  }
  for (const RRset& rrset : zone_->rrsets(node)) {
    if (rrset.type == query_.type) {
      answer_rrset(owner, rrset);
      return Step::done;
    }
    if (rrset.type == rr_type::CNAME && query_.type != rr_type::ANY) {
      add_required(Section::answer, owner, rrset);
      alias_ = Name(NameView(zone_->records(rrset).subspan(stored_record::rdata_at)));
      return Step::follow;
    }
  }
  if (query_.type == rr_type::ANY) {
    answer_any(owner, node);
  } else {
    deny(Rcode::NOERROR);
  }
  return Step::done;
}

// One RRset of those there are (RFC 8482 4.1): enough for who looks whether a name exists, useless for who amplifies.
void Answerer::answer_any(NameView owner, const Node& node) {
  if (node.shape != no_shape && (answer_shape(owner, node, rr_type::A) || answer_shape(owner, node, rr_type::AAAA)))
    return;
  if (node.rrset_count == 0) return deny(Rcode::NOERROR);
  answer_rrset(owner, zone_->rrsets(node).front());
}

void Answerer::answer_rrset(NameView owner, const RRset& rrset) {
  add_required(Section::answer, owner, rrset);
  if (rrset.target_count > 0) add_addresses(rrset, nullptr);
}

// False where the name has no address of this family for this client.
bool Answerer::answer_shape(NameView owner, const Node& node, uint16_t type) {
  const Shape& shape = served_->shapes[node.shape];
  const ShapedAnswer shaped = shape_answer(shape, family_of(type), client_.source, now_, writer_.room(), state_);
  if (shaped.count == 0) return false;
  const bool asked = owner.data() == query_.packet.data() + header_size;
  const bool fits = asked ? writer_.copy(Section::answer, shaped.records, shaped.count, shaped.ttl)
                          : writer_.add(Section::answer, owner, type, shaped.records, shaped.count, shaped.ttl);
  if (!fits) writer_.set_truncated();
  return true;
}

// The DNAME, the CNAME it implies (RFC 6672 3.1), and on with the new name.
Answerer::Step Answerer::answer_dname(NameView owner, const Node& node) {
  const NameView dname_owner = zone_->owner(node);
  const RRset& dname = *zone_->find_rrset(node, rr_type::DNAME);
  const uint8_t* record = zone_->records(dname).data();
  const NameView target(zone_->records(dname).subspan(stored_record::rdata_at));
  // A DNAME that leads below itself stands once, however often it is used.
  if (last_dname_ != &node) add_required(Section::answer, dname_owner, dname);
  last_dname_ = &node;
  const size_t kept = owner.size() - dname_owner.size();
  if (kept + target.size() > max_name_octets) {
    writer_.set_rcode(Rcode::YXDOMAIN);
    return Step::done;
  }
  uint8_t joined[max_name_octets];
  std::memcpy(joined, owner.data(), kept);
  std::memcpy(joined + kept, target.data(), target.size());
  alias_ = Name(NameView(Bytes(joined, kept + target.size())));
  if (!writer_.add_name_record(Section::answer, owner, rr_type::CNAME, load32(record + stored_record::ttl_at), alias_))
    writer_.set_truncated();
  return query_.type == rr_type::CNAME ? Step::done : Step::follow;
}

// A referral: the NS records of the cut and the addresses that are found below it (RFC 1034 4.2.1).
void Answerer::refer(const Node& cut) {
  const RRset& ns = *zone_->find_rrset(cut, rr_type::NS);
  // AA speaks of the first owner name in the answer section, which may be an alias of ours (RFC 1035 4.1.1).
  if (writer_.count(Section::answer) == 0) writer_.clear_authoritative();
  add_required(Section::authority, zone_->owner(cut), ns);
  add_addresses(ns, &cut);
}

void Answerer::deny(Rcode rcode) {
  writer_.set_rcode(rcode);
  add_required(Section::authority, zone_->origin(), zone_->negative_soa());
}

void Answerer::add_required(Section section, NameView owner, const RRset& rrset) {
  // Names that need no compression, at the name that was asked: one copy.
  const bool ready = owner.data() == query_.packet.data() + header_size && !(rrset.flags & RRset::has_names) &&
                     !(rrset.flags & RRset::wants_addresses);
  const Bytes records = zone_->records(rrset);
  const bool fits = ready ? writer_.copy(section, records, rrset.count)
                          : writer_.add(section, owner, rrset.type, records, rrset.count);
  if (!fits) writer_.set_truncated();
}

// Addresses of the names in `rrset`. Those of a referral that lie below the cut are needed to get there, so they come
// first, and without room for them the answer counts as truncated (RFC 9471 3.1); all others are a courtesy.
void Answerer::add_addresses(const RRset& rrset, const Node* cut) {
  for (const bool first : {true, false}) {
    for (const Target& target : zone_->targets(rrset)) {
      const NameView name = zone_->name_at(target.name);
      const bool needed = cut && name.is_at_or_below(zone_->owner(*cut));
      if (needed == first && !add_addresses_of(name, zone_->node(target.node)) && needed) writer_.set_truncated();
    }
  }
}

// False where not all of them fit.
bool Answerer::add_addresses_of(NameView name, const Node& node) {
  bool fit = true;
  for (const uint16_t type : {rr_type::A, rr_type::AAAA}) {
    const RRset* addresses = zone_->find_rrset(node, type);
    if (addresses)
      fit &= writer_.add(Section::additional, name, type, zone_->records(*addresses), addresses->count);
  }
  return fit;
}

}  // namespace dnsd
